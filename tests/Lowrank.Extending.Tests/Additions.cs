using Lowrank.Extending.Tests;

[assembly: AssemblyFixture(typeof(Additions))]

namespace Lowrank.Extending.Tests;

/// <summary>What a program says at its start to bring methods, samplers, dialects, optimizers and base models of its own: a line each.</summary>
public sealed class Additions
{
    /// <summary>Adds everything that this project holds.</summary>
    public Additions()
    {
        Methods.Add(OuterProduct.Descriptor);
        Dialects.Add(new TransposedDialect());
        Optimizers.Add(SignDescent.Descriptor);
        Samplers.Add(HalvingSampler.Descriptor);
        ModelKinds.Add(new TwoLayersKind());
        Containers.Add(NpyFile.Kind);
    }
}
