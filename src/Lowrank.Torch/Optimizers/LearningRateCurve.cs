namespace Lowrank.Torch;

/// <summary>How the learning rate goes on after its warm-up.</summary>
public enum LearningRateCurve
{
    /// <summary>It stays.</summary>
    Constant,
    /// <summary>It falls to 0 in a straight line.</summary>
    Linear,
    /// <summary>It falls to 0 along half a cosine.</summary>
    Cosine,
    /// <summary>It falls to 0 along half a cosine several times, jumping back up between.</summary>
    CosineWithRestarts,
    /// <summary>It falls to a small end rate along a power.</summary>
    Polynomial,
}
