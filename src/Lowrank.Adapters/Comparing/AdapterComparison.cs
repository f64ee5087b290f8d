namespace Lowrank.Adapters;

/// <summary>Tells how far two adapters of any dialects and methods make different models of one base.</summary>
public static class AdapterComparison
{
    /// <summary>Compares the adapted weights and biases at every target that either adapts, in the model's order, in float64.</summary>
    /// <param name="a">One adapter.</param>
    /// <param name="b">The other.</param>
    /// <param name="model">The model, whose layers may have shapes alone.</param>
    /// <param name="weights">Its weights; asked for only where a change depends on them.</param>
    /// <param name="progress">Told of each target.</param>
    /// <exception cref="LowrankException">A change depends on weights that are not given, or on the input.</exception>
    public static IReadOnlyList<ComparedTarget> Compare(
        Adapter a, Adapter b, ModelDescription model, WeightSource weights, IProgress<ComparedTarget>? progress = null)
    {
        using var grad = no_grad();
        var compared = new List<ComparedTarget>();
        foreach (var target in model.Components.SelectMany(c => c.Targets).Select(t => t.Target))
        {
            var (one, other) = (a.Targets.GetValueOrDefault(target.Path), b.Targets.GetValueOrDefault(target.Path));
            if (one is null && other is null) continue;
            using var scope = NewDisposeScope();
            compared.Add(Compare(target, one, other, weights));
            progress?.Report(compared[^1]);
        }
        return compared;
    }

    static ComparedTarget Compare(Target target, Reparameterization? one, Reparameterization? other, WeightSource weights)
    {
        RefuseDependent(one, target);
        RefuseDependent(other, target);
        // Where neither looks at W, it would cancel out, and take the last digits of the changes with it.
        bool asked = !AreWhole(one, other) && (LooksAtWeight(one) || LooksAtWeight(other));
        var weight = asked
            ? weights.Matrix(target, "base").to(ScalarType.Float64)
            : zeros(target.Out, target.Columns, ScalarType.Float64, (one ?? other)!.Device);
        var (weightA, weightB) = (one?.Apply(weight, 1) ?? weight, other?.Apply(weight, 1) ?? weight);
        double change = Math.Max(Norm(weightA - weight), Norm(weightB - weight));
        var apart = weightA - weightB;
        double difference = Norm(apart), largest = Largest(apart);
        if (one is { AdaptsBias: true } || other is { AdaptsBias: true })
        {
            var (none, biasA, biasB) = Biases(target, one, other, weights, weight);
            change = Math.Sqrt(change * change + Math.Pow(Math.Max(Norm(biasA - none), Norm(biasB - none)), 2));
            difference = Math.Sqrt(difference * difference + Math.Pow(Norm(biasA - biasB), 2));
            largest = Math.Max(largest, Largest(biasA - biasB));
        }
        return new(target.Path, NameOf(one), NameOf(other), change, difference, largest);
    }

    // The layer's bias, and what the two make of it; where neither looks at it, of zeros.
    static (Tensor None, Tensor A, Tensor B) Biases(
        Target target, Reparameterization? one, Reparameterization? other, WeightSource weights, Tensor weight)
    {
        bool asked = !AreWhole(one, other) && (LooksAtBias(one) || LooksAtBias(other));
        var own = asked ? weights(target, "bias")?.to(ScalarType.Float64) : null;
        var none = own ?? zeros(target.Out, ScalarType.Float64, weight.device);
        return (none, one?.ApplyBias(asked ? own : none, weight, 1) ?? none, other?.ApplyBias(asked ? own : none, weight, 1) ?? none);
    }

    // Two that put a whole weight in the place of the layer's own differ by what they put there.
    static bool AreWhole(Reparameterization? one, Reparameterization? other) => one is Replacement && other is Replacement;

    static bool LooksAtBias(Reparameterization? one) => one is { AdaptsBias: true } && Changes.SameOnAnyBias(one) is null;

    static void RefuseDependent(Reparameterization? one, Target target)
    {
        if (one is not { DependsOnInput: true }) return;
        throw new LowrankException(
            $"what {Changes.Name(one)} changes depends on the input, so that there is no weight to compare, at {target}.");
    }

    static bool LooksAtWeight(Reparameterization? one) =>
        one is not null && Changes.OfWeight(one) is not AdditiveReparameterization { NeedsWeight: false };

    static string? NameOf(Reparameterization? one) => one is null ? null : Changes.Name(one);

    static double Norm(Tensor matrix) => matrix.norm().ToDouble();

    static double Largest(Tensor matrix) => matrix.abs().max().ToDouble();
}
