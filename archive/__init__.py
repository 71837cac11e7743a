"""Write-once storage, retention and fixity."""
