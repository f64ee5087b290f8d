using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>Some keys of a GGUF file's metadata that stand for fields of config.json.</summary>
abstract class GgufField
{
    /// <summary>Tells the fields that the keys stand for.</summary>
    /// <param name="from">The metadata, which note what was asked.</param>
    /// <param name="config">The fields that are told so far.</param>
    public abstract void Read(GgufKeys from, JsonObject config);

    /// <summary>Tells the keys that the fields stand for; nothing where files have none.</summary>
    /// <param name="source">The config, which is told what a file says.</param>
    public virtual void Write(GgufSource source) { }
}
