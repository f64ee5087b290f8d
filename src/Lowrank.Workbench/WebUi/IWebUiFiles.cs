namespace Lowrank.Workbench;

/// <summary>What the names of a web UI's request lead to.</summary>
public interface IWebUiFiles
{
    /// <summary>A base model by one of its names; a null name is the one at hand. Null where there is none of that name.</summary>
    WebUiModel? Model(string? name);

    /// <summary>An autoencoder by its file's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="scale">The scaling factor of its latents where its file tells none: that of the model it works for.</param>
    /// <exception cref="LowrankException">There is none of that name.</exception>
    WebUiVae Vae(string name, double scale);

    /// <summary>The file of an adapter, by its own name or by what its maker called it; null where there is none.</summary>
    string? Adapter(string name);

    /// <summary>Words that prompts may say, of embedding files.</summary>
    IReadOnlyList<WebUiWord> Words { get; }

    /// <summary>Keeps adapters and words that were read; null reads them in every batch.</summary>
    AdapterShelf? ReadAdapters => null;

    /// <summary>Styles.</summary>
    StyleSheet Styles { get; }
}
