global using Lowrank;
global using Lowrank.Formats;
global using Lowrank.Torch;
global using Lowrank.Torch.Layers;
global using Storage = Lowrank.Torch.Layers.Storage;
