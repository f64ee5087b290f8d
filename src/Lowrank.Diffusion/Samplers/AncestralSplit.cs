namespace Lowrank.Diffusion;

/// <summary>An ancestral step to s': first down to a lower σ/α without fresh noise, then up again with some; Down² + Up² = s'².</summary>
/// <param name="Down">Where the step without noise ends.</param>
/// <param name="Up">Factor of the fresh noise.</param>
readonly record struct AncestralSplit(double Down, double Up)
{
    /// <summary>The split of a step (k-diffusion's get_ancestral_step).</summary>
    /// <param name="from">σ/α at its start.</param>
    /// <param name="to">At its end, lower.</param>
    /// <param name="eta">Share of fresh noise; 0 for none, 1 as much as DDPM.</param>
    internal static AncestralSplit Of(double from, double to, double eta)
    {
        double up = Math.Min(to, eta * to * Math.Sqrt(Math.Max(1 - to * to / (from * from), 0)));
        return new(Math.Sqrt(Math.Max(to * to - up * up, 0)), up);
    }
}
