# Before 0.1.0 this root was the module itself: states of that time keep what they have.

moved {
  from = module.function
  to   = module.release.module.function
}

moved {
  from = module.live
  to   = module.release.module.live
}
