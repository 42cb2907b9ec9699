output "release_id" {
  description = "The release that candidate_version was made from."
  value       = module.release.release_id
}

output "function_name" {
  description = "The function's name, the same in every region."
  value       = module.release.function_name
}

output "candidate_version" {
  description = "The version that alias `candidate` points to, the newest, by region: numbers."
  value       = module.release.candidate_version
}

output "live_version" {
  description = "The version that alias `live` points to, by region: numbers. A region where nothing is live is not in it."
  value       = module.release.live_version
}
