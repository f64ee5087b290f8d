using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>The kind of file, which stands among the model's keys and says nothing of the model.</summary>
sealed class FileTypeField : GgufField
{
    public override void Read(GgufKeys from, JsonObject config) { }

    public override void Write(GgufSource source) => source.Add(new GgufEntry("general.file_type", (uint)source.FileType));
}
