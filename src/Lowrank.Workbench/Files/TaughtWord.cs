namespace Lowrank.Workbench;

/// <summary>A learnt word (textual inversion) of a file that a model's text encoders know until this is disposed.</summary>
sealed class TaughtWord : IDisposable
{
    readonly Stack<IDisposable> held = [];
    readonly ReadAdapter read;

    /// <summary>Reads the file, and teaches what it holds.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What prompts call it.</param>
    /// <param name="path">The file.</param>
    /// <param name="shelf">Where it may have been kept, and is kept afterwards; null reads and frees it.</param>
    /// <exception cref="LowrankException">It is for another model, which is left as it was.</exception>
    public TaughtWord(StableDiffusion model, string name, string path, AdapterShelf? shelf = null)
    {
        read = ReadAdapter.Of(model, path, shelf);
        held.Push(read);
        try
        {
            foreach (var word in read.Adapter.Embeddings) held.Push(model.Teach(name, word.Vectors));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the file holds none.</summary>
    public bool IsNone => read.Adapter.Embeddings.Count == 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var thing)) thing.Dispose();
    }
}
