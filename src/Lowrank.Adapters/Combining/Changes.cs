namespace Lowrank.Adapters;

/// <summary>What a reparameterization changes at strength 1: as two factors where the method has them, as a matrix in any case.</summary>
public static class Changes
{
    /// <summary>Whether it can be written as W' = W + Δ with Δ alone; a bias that is adapted beside the weight cannot.</summary>
    public static bool IsOfWeightAlone(Reparameterization reparameterization) => !reparameterization.AdaptsBias;

    /// <summary>Factors with Δ = scale·up·down, float32: up (out, rank), down (rank, in·kh·kw), a core worked into down; null for a method that has none.</summary>
    public static Factors? FactorsOf(Reparameterization reparameterization)
    {
        using var grad = no_grad();
        if (reparameterization is FactoredReparameterization factored) return factored.Product is var (product, right) ? new Factors(product.detach(), right.detach(), 1) : null;
        // Wrappers that add (a learned scalar, dropouts) leave a LoRA's parts, a scalar worked into up.
        if (reparameterization is not AdditiveReparameterization || reparameterization.Method.Name != Lora.Descriptor.Name) return null;
        var parts = reparameterization.Parts.ToDictionary(p => p.Part, p => p.Value.detach());
        if (parts.Keys.Except(["down", "up", "mid", "alpha"]).Any()) return null;
        var target = reparameterization.Target;
        Tensor up = parts["up"].reshape(target.Out, -1), down = parts["down"];
        long rank = up.shape[1];
        if (parts.TryGetValue("mid", out var mid))   // core (p, q, k) times down (q, i) is (p, i, k)
            down = mid.reshape(rank, rank, -1).transpose(1, 2).Multiply(down.reshape(rank, -1)).transpose(1, 2);
        return new Factors(up, down.reshape(rank, -1), parts["alpha"].ToDouble() / rank, HasCore: mid is not null);
    }

    /// <summary>Δ as a float32 matrix (out, in·kh·kw).</summary>
    /// <param name="reparameterization">Of any method, if <paramref name="weights"/> are given.</param>
    /// <param name="weights">The base model's weights, for methods whose change depends on them; null does without those methods.</param>
    /// <exception cref="LowrankException">The change depends on the base's weight, and there is none.</exception>
    public static Tensor MatrixOf(Reparameterization reparameterization, WeightSource? weights = null)
    {
        using var grad = no_grad();
        var target = reparameterization.Target;
        if (reparameterization is AdditiveReparameterization { NeedsWeight: false } additive) return additive.Delta(zeros(target.Out, target.Columns));
        if (reparameterization.Method.DependsOnInput)
            throw new LowrankException($"what {reparameterization.Method.Name} changes depends on the input, so that it is no change of the weight, at {target}");
        if (weights is null)
            throw new LowrankException($"what {Name(reparameterization)} changes depends on the base's weight, at {target}. Give the base model.");
        var weight = weights.Matrix(target, "base");
        return reparameterization.Apply(weight, 1) - weight;
    }

    internal static string Name(Reparameterization reparameterization) => reparameterization is Dora ? "DoRA" : reparameterization.Method.Name;
}

/// <summary>A change scale·up·down.</summary>
/// <param name="Up">(out, rank).</param>
/// <param name="Down">(rank, in·kh·kw).</param>
/// <param name="Scale">alpha/rank.</param>
/// <param name="HasCore">Whether the method keeps a core between the factors, which is worked into down here.</param>
public sealed record Factors(Tensor Up, Tensor Down, double Scale, bool HasCore = false)
{
    /// <summary>The rank.</summary>
    public int Rank => (int)Up.shape[1];
}
