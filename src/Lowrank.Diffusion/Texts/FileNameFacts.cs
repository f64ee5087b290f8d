namespace Lowrank.Diffusion;

/// <summary>What a picture's file name may tell.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Pixels">R, G, B of each pixel.</param>
public sealed record FileNameFacts(int Width, int Height, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>Null for none.</summary>
    public long? Seed { get; init; }

    /// <summary>The picture's own; null for none.</summary>
    public string? Prompt { get; init; }

    /// <summary>What made it; null where no job did.</summary>
    public FileNameJob? Job { get; init; }

    /// <summary>Before the number: "grid"; empty for none.</summary>
    public string BaseName { get; init; } = "";

    /// <summary>Whether it names an archive of all pictures, which has no number of its own.</summary>
    public bool IsArchive { get; init; }

    /// <summary>The base model's name.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>The base model's short hash.</summary>
    public string ModelHash { get; init; } = "";

    /// <summary>The file of a VAE of choice; null for the model's own.</summary>
    public string? VaeFile { get; init; }

    /// <summary>How far from its end the text encoder is read.</summary>
    public int ClipSkip { get; init; } = 1;

    /// <summary>The styles that the job's are among.</summary>
    public StyleSheet Styles { get; init; } = StyleSheet.Empty;

    /// <summary>Most words of <c>[prompt_words]</c>.</summary>
    public int MostWords { get; init; } = 8;

    /// <summary>What time it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
