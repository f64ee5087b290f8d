namespace Lowrank;

/// <summary>What virtual tokens are to a model, and how they were trained.</summary>
public enum PromptKind
{
    /// <summary>Vectors before those of the tokens. Source: Lester et al. 2021, arXiv 2104.08691.</summary>
    Prompt,

    /// <summary>The same, made by a small network while training. Source: Liu et al. 2021, arXiv 2103.10385.</summary>
    PTuning,

    /// <summary>Keys and values of every layer. Source: Li and Liang 2021, arXiv 2101.00190.</summary>
    Prefix,
}
