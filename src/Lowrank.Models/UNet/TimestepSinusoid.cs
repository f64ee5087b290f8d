namespace Lowrank.Models;

/// <summary>
/// Sines and cosines of a timestep at frequencies from 1 down to 1/10000, (B) → (B, width), in float32 whatever the network computes
/// in.
/// </summary>
sealed class TimestepSinusoid(int width, bool cosineFirst, double frequencyShift) : Layer(nameof(TimestepSinusoid))
{
    protected override Tensor Compute(Tensor timesteps)
    {
        // In this order of rounding: at t = 999 one unit in the last place of a frequency moves the angle by 6e-5.
        int half = width / 2;
        var exponents = arange(half, dtype: ScalarType.Float32, device: timesteps.device) * -Math.Log(10000) / (half - frequencyShift);
        var angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * exponents.exp().unsqueeze(0);   // (B, width/2)
        var waves = cosineFirst ? cat([angles.cos(), angles.sin()], -1) : cat([angles.sin(), angles.cos()], -1);
        return width % 2 == 0 ? waves : nn.functional.pad(waves, (0, 1));
    }
}
