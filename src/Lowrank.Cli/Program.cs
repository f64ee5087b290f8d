Lowrank.Torch.WaitingThreads.SleepSoon();
Lowrank.Torch.FreedMemory.Keep();
return Lowrank.Cli.CommandLine.Run(args);
