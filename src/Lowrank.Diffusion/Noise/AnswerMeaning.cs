namespace Lowrank.Diffusion;

/// <summary>What a denoising network's answer means along k-diffusion's sigmas.</summary>
public enum AnswerMeaning
{
    /// <summary>The noise ε.</summary>
    Noise,

    /// <summary>The velocity v of a sample that keeps its variance (Salimans and Ho 2022).</summary>
    Velocity,

    /// <summary>The clean sample.</summary>
    Sample,

    /// <summary>F of Karras et al. 2022 for data of a deviation of ½ (arXiv:2206.00364, equation 7).</summary>
    Edm,
}
