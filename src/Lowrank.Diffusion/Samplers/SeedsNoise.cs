using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>The fresh noise of one step of SEEDS: a path that is drawn part by part, and fades as the sample does.</summary>
/// <param name="step">The step.</param>
/// <param name="eta">Share of fresh noise.</param>
/// <param name="scale">Multiplies it.</param>
sealed class SeedsNoise(RatioStep step, double eta, double scale)
{
    Tensor? path;
    double reached;

    /// <summary>σ/α at a share of the step, in ln σ.</summary>
    internal double At(double share) => share == 1 ? step.To : step.From * Math.Pow(step.To / step.From, share);

    /// <summary>What is left of the sample there.</summary>
    internal double Kept(double share) => At(share) / step.From * Math.Exp(-share * step.Length * eta);

    /// <summary>Adds the noise that has come together up to there; shares must rise.</summary>
    internal Tensor AddTo(Tensor y, double share)
    {
        if (eta <= 0 || scale <= 0) return y;
        double part = (share - reached) * step.Length * eta;
        // A part of no length draws too, as in ComfyUI.
        var fresh = step.Draw(At(reached), At(share)) * Math.Sqrt(-Expm1(-2 * part));
        path = path is null ? fresh : path * Math.Exp(-part) + fresh;
        reached = share;
        return y.add_(path, alpha: At(share) * scale);
    }
}
