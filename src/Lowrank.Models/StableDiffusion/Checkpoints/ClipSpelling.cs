namespace Lowrank.Models;

/// <summary>How a checkpoint spells a text encoder's tensors.</summary>
public enum ClipSpelling
{
    /// <summary>As in a folder: <c>text_model.encoder.layers.0...</c></summary>
    Transformers,
    /// <summary>The same without <c>text_model.</c>, as files of 2022.</summary>
    WithoutPrefix,
    /// <summary>OpenCLIP's: <c>transformer.resblocks.0...</c>, with queries, keys and values joined.</summary>
    OpenClip,
}
