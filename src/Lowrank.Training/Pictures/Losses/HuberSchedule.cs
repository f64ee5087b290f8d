namespace Lowrank.Training;

/// <summary>How the Huber threshold c falls with the noise level.</summary>
public enum HuberSchedule
{
    /// <summary>(1−c)/(1+σ)² + c with σ = √((1−ᾱ)/ᾱ); does not heed the scale.</summary>
    Snr,
    /// <summary>scale·c^(t/T).</summary>
    Exponential,
    /// <summary>scale·c.</summary>
    Constant,
}
