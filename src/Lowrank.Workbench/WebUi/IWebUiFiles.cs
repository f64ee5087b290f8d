namespace Lowrank.Workbench;

/// <summary>What the names of a web UI's request lead to.</summary>
public interface IWebUiFiles
{
    /// <summary>A base model by one of its names; null is the one at hand.</summary>
    /// <exception cref="LowrankException">There is none of that name.</exception>
    WebUiModel Model(string? name);

    /// <summary>An autoencoder by its file's name.</summary>
    /// <exception cref="LowrankException">There is none of that name.</exception>
    WebUiVae Vae(string name);

    /// <summary>The folder of adapters; null where there is none.</summary>
    string? AdapterFolder { get; }

    /// <summary>Words that prompts may say, of embedding files.</summary>
    IReadOnlyList<WebUiWord> Words { get; }

    /// <summary>Styles.</summary>
    StyleSheet Styles { get; }
}
