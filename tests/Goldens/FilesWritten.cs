using System.Security.Cryptography;
using Lowrank.Formats;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Each safetensors file here, read and written again, has the reference writer's layout: the same length of header, the same order of
/// tensors, the same bytes of data. kohya's hashes hang on it.</summary>
public sealed class FilesWritten
{
    const string Group = "files/written";

    static string Folder => Path.Combine(GoldenFolder.Root, "files", "adapters");

    public static IEnumerable<TheoryDataRow<string>> Cases => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*.safetensors", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(file))
        : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Layout(string name) => Golden.Run(Group, name, () =>
    {
        string path = Path.Combine(Folder, name);
        using var file = Safetensors.Open(path);
        using var stream = new MemoryStream();
        long dataStart = Safetensors.Write(stream, file.Tensors.Select(tensor => KeyValuePair.Create(tensor.Name, file.Read(tensor.Name))), file.Metadata);
        byte[] want = File.ReadAllBytes(path), got = stream.ToArray();
        Assert.Equal(want.Length, got.Length);
        Assert.Equal(8 + BitConverter.ToInt64(want), dataStart);
        Assert.Equal(SHA256.HashData(want.AsSpan((int)dataStart)), SHA256.HashData(got.AsSpan((int)dataStart)));
        string again = Path.GetTempFileName();
        File.WriteAllBytes(again, got);
        using (var rewritten = Safetensors.Open(again))
        {
            Assert.Equal(file.Tensors.Select(tensor => tensor.Name), rewritten.Tensors.Select(tensor => tensor.Name));
            Assert.Equal(file.Metadata, rewritten.Metadata);
        }
        File.Delete(again);
    });
}
