namespace Lowrank.Language;

/// <summary>When a search by beams ends before the longest text.</summary>
public enum EarlyStopping
{
    /// <summary>When the best running beam, at its present length, scores no better than the worst that is finished.</summary>
    Likely,
    /// <summary>When as many beams are finished as there are.</summary>
    Enough,
    /// <summary>As <see cref="Likely"/>, but at the longest length where long texts score better: when nothing better can come.</summary>
    Never,
}
