namespace Lowrank.Workbench;

/// <summary>Which layers of two models are compared.</summary>
public enum ExtractedLayers
{
    /// <summary>Those of the transformers, as kohya does.</summary>
    Transformers,

    /// <summary>Those of the residual blocks too.</summary>
    Residual,

    /// <summary>Every layer but embeddings.</summary>
    All,
}
