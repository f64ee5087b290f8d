Console.WriteLine("lowrank");
return 0;
