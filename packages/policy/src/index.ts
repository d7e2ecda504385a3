// Public surface of the policy package; see the types below. (being written)
