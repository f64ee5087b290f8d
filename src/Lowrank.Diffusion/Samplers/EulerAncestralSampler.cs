namespace Lowrank.Diffusion;

/// <summary>Euler ancestral of k-diffusion: steps below the next level and adds fresh noise to come back up to it.</summary>
/// <param name="eta">Share of fresh noise; 0 is Euler, 1 the whole.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class EulerAncestralSampler(double eta = 1, double noiseScale = 1) : Sampler
{
    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var prediction = context.Denoiser.Predict(x, from);
        bool isInfinite = from.Alpha == 0;   // σ/α
        if (isInfinite) return prediction.At(context.Steps[i], Prediction.AncestralNoise(from, to, eta), context.Noise);
        // Over y = x/α with σ/α, in float32 and in the peers' order of operations: from a sigma in the thousands their rounding shows in
        // the third digit after the point, and a picture is theirs only with it.
        float high = (float)from.Ratio, low = (float)to.Ratio;
        float up = MathF.Min(low, (float)eta * MathF.Sqrt(MathF.Max(low * low * (high * high - low * low) / (high * high), 0)));
        float down = MathF.Sqrt(MathF.Max(low * low - up * up, 0));
        var y = x / from.Alpha;
        y = y + (y - prediction.Clean) / high * (down - high);
        if (up > 0) y.add_(context.Noise.Draw(from, to), alpha: up * noiseScale);
        return to.Alpha * y;
    }
}
