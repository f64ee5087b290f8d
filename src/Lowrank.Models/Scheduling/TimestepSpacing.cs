namespace Lowrank.Models;

/// <summary>How sampling steps are spread over the training levels (Lin et al. 2023, arXiv:2305.08891, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>From the first level on, in whole steps; the last levels are never visited.</summary>
    Leading,
    /// <summary>From the first level to the last, evenly.</summary>
    Linspace,
    /// <summary>From the last level down.</summary>
    Trailing,
}
