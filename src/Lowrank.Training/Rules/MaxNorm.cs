namespace Lowrank.Training;

/// <summary>
/// After every step, changes whose norm is above a limit are scaled down to it (kohya's and LyCORIS's <c>scale_weight_norms</c>).
/// </summary>
/// <remarks>
/// Source: apply_max_norm_regularization of kohya-ss/sd-scripts at 48d368f, apply_max_norm of LyCORIS 4.1.3. Norms are Frobenius norms of
/// scale·ΔW.
/// </remarks>
/// <param name="adapter">What is limited.</param>
/// <param name="layerOf">The layer of a target, for methods whose change depends on its weight.</param>
/// <param name="limit">Largest norm, above 0.</param>
/// <param name="spread">Whether both factors of a LoRA take a root of the ratio (kohya); else one takes it whole (LyCORIS).</param>
public sealed class MaxNorm(Adapter adapter, Func<Target, IAdaptable> layerOf, double limit, bool spread = true) : ITrainingRule
{
    double[] norms = [];

    /// <summary>How many changes the last step scaled down.</summary>
    public int KeysScaled { get; private set; }

    /// <summary>Mean norm after the last step.</summary>
    public double MeanNorm => norms.DefaultIfEmpty().Average();

    /// <summary>Largest norm after the last step.</summary>
    public double LargestNorm => norms.DefaultIfEmpty().Max();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measures =>
        new Dictionary<string, double>
        {
            ["max_norm/keys_scaled"] = KeysScaled,
            ["max_norm/average_key_norm"] = MeanNorm,
            ["max_norm/max_key_norm"] = LargestNorm,
        };

    /// <inheritdoc/>
    public void Stepped(int step)
    {
        KeysScaled = 0;
        norms = [.. adapter.Targets.Values.Select(Limited).OfType<double>()];
    }

    double? Limited(Reparameterization reparameterization)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var target = reparameterization.Target;
        var norm = reparameterization.ChangeNorm(() => target.ToMatrix(layerOf(target).Weight.Dense()).to(ScalarType.Float32));
        if (!(norm > limit)) return norm;
        KeysScaled++;
        reparameterization.Shrink(limit / norm.Value, spread);
        return limit;
    }
}
