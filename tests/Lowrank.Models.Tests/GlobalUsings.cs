global using Lowrank.Formats;
global using Lowrank.Torch;
global using Storage = Lowrank.Torch.Storage;
