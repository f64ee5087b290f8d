namespace Lowrank.Adapters;

/// <summary>
/// What a reparameterization changes at strength 1: as two factors where the method has them,
/// as a matrix in any case; and beside the weight, the bias.
/// </summary>
public static class Changes
{
    /// <summary>
    /// Factors with Δ = scale·up·down, float32: up (out, rank), down (rank, in·kh·kw),
    /// a core worked into down; null for a method that has none.
    /// </summary>
    public static Factors? FactorsOf(Reparameterization reparameterization)
    {
        using var grad = no_grad();
        reparameterization = OfWeight(reparameterization);
        if (reparameterization is FactoredReparameterization factored)
        {
            var (left, right) = factored.Product;
            return new Factors(left.detach(), right.detach(), 1);
        }
        // Wrappers that add (a learned scalar, dropouts) leave a LoRA's parts, a scalar worked into up.
        if (reparameterization is not AdditiveReparameterization || reparameterization.Method.Name != Lora.Descriptor.Name) return null;
        var parts = reparameterization.Parts.ToDictionary(p => p.Part, p => p.Value.detach());
        if (parts.Keys.Except(["down", "up", "mid", "alpha"]).Any()) return null;
        var target = reparameterization.Target;
        Tensor up = parts["up"].reshape(target.Out, -1), down = parts["down"];
        long rank = up.shape[1];
        if (parts.TryGetValue("mid", out var mid)) down = TuckerCore.Columns(mid, down.reshape(rank, -1));
        return new Factors(up, down.reshape(rank, -1), parts["alpha"].ToDouble() / rank, HasCore: mid is not null);
    }

    /// <summary>Δ as a float32 matrix (out, in·kh·kw).</summary>
    /// <param name="reparameterization">Of any method, if <paramref name="weights"/> are given.</param>
    /// <param name="weights">The base model's weights, for methods whose change depends on them; null does without those methods.</param>
    /// <exception cref="LowrankException">The change depends on the base's weight, and there is none.</exception>
    public static Tensor MatrixOf(Reparameterization reparameterization, WeightSource? weights = null)
    {
        var target = reparameterization.Target;
        reparameterization = OfWeight(reparameterization);
        if (reparameterization.DependsOnInput)
            throw new LowrankException(
                $"what {Name(reparameterization)} changes depends on the input, so that it is no change of the weight, at {target}");
        return AtRest(reparameterization, () =>
        {
            if (reparameterization is AdditiveReparameterization { NeedsWeight: false } additive)
                return additive.Delta(zeros(target.Out, target.Columns, device: additive.Device));
            var weight = Given(weights, reparameterization).Matrix(target, "base");
            return reparameterization.Apply(weight, 1) - weight;
        });
    }

    /// <summary>What is added to the layer's bias, float32 (out); null where the bias is not adapted.</summary>
    /// <exception cref="LowrankException">It depends on the base's weight or bias, and there is none.</exception>
    public static Tensor? BiasOf(Reparameterization reparameterization, WeightSource? weights = null)
    {
        if (!reparameterization.AdaptsBias) return null;
        return AtRest(reparameterization, () => SameOnAnyBias(reparameterization) ?? OnBase(reparameterization, weights));
    }

    /// <summary>What is added to the bias, if it is the same whatever the bias is; else null.</summary>
    internal static Tensor? SameOnAnyBias(Reparameterization reparameterization)
    {
        if (reparameterization.BiasTakesWeight) return null;
        var none = zeros(reparameterization.Target.Out, device: reparameterization.Device);
        var one = ones_like(none);
        var added = reparameterization.ApplyBias(none, 1)! - none;
        var again = reparameterization.ApplyBias(one, 1)! - one;
        return added.allclose(again, 1e-5, 1e-6) ? added : null;
    }

    static Tensor? OnBase(Reparameterization reparameterization, WeightSource? weights)
    {
        var target = reparameterization.Target;
        var bias = Given(weights, reparameterization)(target, "bias")?.to(ScalarType.Float32);
        var adapted = reparameterization.BiasTakesWeight
            ? reparameterization.ApplyBias(bias, weights!.Matrix(target, "base"), 1)
            : reparameterization.ApplyBias(bias, 1);
        return bias is null ? adapted : adapted! - bias;
    }

    /// <summary>A reparameterization with a bias beside it, in the form in which what it is made of has one; the same where there is
    /// none.</summary>
    internal static Reparameterization WithBias(Reparameterization made, Tensor? bias, params IEnumerable<Reparameterization> of)
    {
        if (bias is null) return made;
        // Files of PEFT give an added bias the LoRA's scale; beside one that is switched off it keeps its own.
        double scale = made is Lora lora ? lora.Scale : 1;
        bool isPlain = scale == 0 || of.Any(one => one.Parts.Any(part => part.Part == BiasChange.Part));
        return isPlain ? new BiasChange(made, bias) : new TrainedBias(made, bias / scale, scale);
    }

    /// <summary>What changes the weight, without the wrappers that change the bias alone.</summary>
    internal static Reparameterization OfWeight(Reparameterization one) => one switch
    {
        TrainedBias biased => OfWeight(biased.Inner),
        BiasChange changed => OfWeight(changed.Inner),
        _ => one,
    };

    static WeightSource Given(WeightSource? weights, Reparameterization reparameterization) => weights ?? throw new LowrankException(
        $"what {Name(reparameterization)} changes depends on the base's weights, at {reparameterization.Target}. Give the base model.");

    // Without what is drawn while training.
    static T AtRest<T>(Reparameterization reparameterization, Func<T> work)
    {
        using var grad = no_grad();
        bool training = reparameterization.training;
        reparameterization.eval();
        try { return work(); }
        finally { reparameterization.train(training); }
    }

    internal static string Name(Reparameterization reparameterization) => OfWeight(reparameterization) switch
    {
        Dora => "DoRA",
        Activated => "aLoRA",
        _ => reparameterization.Method.Name,
    };
}
