namespace Lowrank.Training;

/// <summary>How far a prediction is from its target, entry by entry.</summary>
public enum ElementLoss
{
    /// <summary>d².</summary>
    L2,
    /// <summary>|d|.</summary>
    L1,
    /// <summary>Pseudo-Huber 2c(√(d²+c²) − c): d² for small d, 2c|d| for large.</summary>
    Huber,
    /// <summary>The same over c: 2(√(d²+c²) − c). Not torch's smooth_l1_loss.</summary>
    SmoothL1,
}
