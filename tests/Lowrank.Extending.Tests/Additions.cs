using Lowrank.Extending.Tests;

[assembly: AssemblyFixture(typeof(Additions))]

namespace Lowrank.Extending.Tests;

/// <summary>What a program says at its start to bring methods, samplers, dialects, optimizers, presets, trainings and base models of its own: a line each.</summary>
public sealed class Additions
{
    /// <summary>Adds everything that this project holds; the kind of training first, whose recipes tell what comes after it.</summary>
    public Additions()
    {
        TrainingKinds.Add(OwnKind.Kind);
        Methods.Add(OuterProduct.Descriptor);
        Dialects.Add(new TransposedDialect());
        TargetPresets.Add(new("keys", "keys of attention", ["to_k"], ["k_proj"], Convolutions: false));
        Optimizers.Add(SignDescent.Descriptor);
        Samplers.Add(HalvingSampler.Descriptor);
        ModelKinds.Add(new TwoLayersKind());
        Containers.Add(NpyFile.Kind);
    }
}
