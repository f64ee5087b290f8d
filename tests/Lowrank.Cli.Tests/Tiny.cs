using System.Text;
using System.Text.Json;

namespace Lowrank.Cli.Tests;

/// <summary>Small files for tests, written byte by byte.</summary>
static class Tiny
{
    /// <summary>A safetensors file of f32 zeros with the metadata name = value.</summary>
    public static void Safetensors(string path, params (string Name, long[] Shape)[] tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["name"] = "value" } };
        long at = 0;
        foreach (var (name, shape) in tensors)
        {
            long bytes = 4 * shape.Aggregate(1L, (product, axis) => product * axis);
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { at, at + bytes } };
            at += bytes;
        }
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[at]]);
    }
}
