namespace Lowrank.Language;

/// <summary>The places of llama.cpp's chain, which users put in an order.</summary>
public enum LlamaStep
{
    /// <summary>Against tokens that were written lately.</summary>
    Penalties,
    /// <summary>Against longer repetitions.</summary>
    Dry,
    /// <summary>Bans by standard deviations.</summary>
    TopNSigma,
    /// <summary>Keeps the likeliest.</summary>
    TopK,
    /// <summary>Keeps the typical.</summary>
    TypicalP,
    /// <summary>Keeps a share.</summary>
    TopP,
    /// <summary>Keeps what is near the likeliest.</summary>
    MinP,
    /// <summary>Drops the likeliest by chance.</summary>
    Xtc,
    /// <summary>Divides.</summary>
    Temperature,
    /// <summary>Ends or joins, for text between others.</summary>
    Infill,
}
