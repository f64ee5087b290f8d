namespace Lowrank.Adapters;

/// <summary>A word that comes with an adapter: vectors that take its name's place in a prompt (textual inversion).</summary>
/// <param name="Name">What a prompt calls it.</param>
/// <param name="Vectors">By the text encoder's name ("text_encoder", "text_encoder_2"): (vectors, width), float32. Taken over.</param>
public sealed record AdapterEmbedding(string Name, IReadOnlyDictionary<string, Tensor> Vectors) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var vectors in Vectors.Values) vectors.Dispose();
    }
}
