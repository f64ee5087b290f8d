Lowrank.Torch.WaitingThreads.SleepSoon();
return Lowrank.Cli.CommandLine.Run(args);
