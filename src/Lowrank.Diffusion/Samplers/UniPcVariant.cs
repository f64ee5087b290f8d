namespace Lowrank.Diffusion;

/// <summary>How UniPC weighs the differences of its estimates (Zhao et al. 2023, arXiv:2302.04867, section 3.4 and appendix).</summary>
public enum UniPcVariant
{
    /// <summary>B(h) = h; for steps that are few and guidance that is strong, the second is better.</summary>
    Bh1,
    /// <summary>B(h) = exp(h) − 1.</summary>
    Bh2,
    /// <summary>Coefficients that vary from order to order.</summary>
    VaryCoeff,
}
