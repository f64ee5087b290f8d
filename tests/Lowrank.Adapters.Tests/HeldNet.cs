namespace Lowrank.Adapters.Tests;

/// <summary>A model that holds modules by name, whatever they take; it frees them with itself.</summary>
sealed class HeldNet : nn.Module
{
    public HeldNet(params (string Name, nn.Module Module)[] held) : base(nameof(HeldNet))
    {
        foreach (var (name, module) in held) register_module(name, module);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var child in children()) child.Dispose();
        base.Dispose(disposing);
    }
}
