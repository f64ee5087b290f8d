namespace Lowrank.Torch;

/// <summary>A module that runs in a <see cref="LayerScope"/>, and so tells by itself when a call begins and ends.</summary>
interface IScopedModule;
