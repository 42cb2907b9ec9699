# For publisher and workflows (`terraform output -json`).

output "release_id" {
  description = "The release that candidate_version was made from."
  value       = one(distinct([for function in module.function : function.release_id]))
}

output "function_name" {
  description = "The function's name, the same in every region."
  value       = one(distinct([for function in module.function : function.function_name]))
}

output "candidate_version" {
  description = "The version that alias `candidate` points to, the newest, by region: numbers."
  value       = { for region, function in module.function : region => function.candidate_version }
}

output "live_version" {
  description = "The version that alias `live` points to, by region: numbers. A region where nothing is live is not in it."
  value       = { for region, live in module.live : region => live.version }
}
