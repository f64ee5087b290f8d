using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Adapters that lie here in two containers: a pickle holds the same tensors, bit for bit, as its safetensors twin.</summary>
public sealed class FilesTwins
{
    const string Group = "files/twins";

    static IEnumerable<GoldenCase> All => GoldenFolder.Groups.Contains("files") ? GoldenGroup.Open("files").Cases.Where(c => c["twin"].ValueKind == JsonValueKind.Object) : [];

    public static IEnumerable<TheoryDataRow<string>> Cases => All.Select(c => new TheoryDataRow<string>(c.Name));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Pickle(string name) => Golden.Run(Group, name, () =>
    {
        var golden = All.First(c => c.Name == name);
        using var safetensors = Containers.Open(Path.Combine(golden.Group.Folder, golden["file"].GetString()!));
        var left = safetensors.Tensors.Select(tensor => tensor.Name).ToHashSet();
        foreach (string file in TwinFiles(golden["twin"]))
        {
            using var pickle = Containers.Open(Path.Combine(golden.Group.Folder, file));
            foreach (var tensor in pickle.Tensors)
            {
                string twin = int.TryParse(tensor.Name, out int place) ? Counted(file, place, safetensors) : tensor.Name;
                Assert.True(left.Remove(twin), $"{file}: {tensor.Name} has no twin {twin}");
                using var scope = TorchSharp.torch.NewDisposeScope();
                var (got, want) = (pickle.Read(tensor.Name), safetensors.Read(twin));
                Assert.Equal(want.dtype, got.dtype);
                Assert.Equal(want.shape, got.shape);
                Assert.True(got.bytes.SequenceEqual(want.bytes), $"{tensor.Name} differs from {twin}");
            }
        }
        Assert.Empty(left);
        AssertOneAdapter(golden, TwinFiles(golden["twin"]).First());
    });

    // The first of a twin's files brings what lies beside it.
    static void AssertOneAdapter(GoldenCase golden, string pickle)
    {
        using var host = new FilesHost(golden["host"].GetString()!);
        using var one = AdapterFile.Read(Path.Combine(golden.Group.Folder, golden["file"].GetString()!), host.Model);
        using var other = AdapterFile.Read(Path.Combine(golden.Group.Folder, pickle), host.Model);
        Assert.Equal(one.Dialect, other.Dialect);
        Assert.Equal(one.Targets.Keys.Order(StringComparer.Ordinal), other.Targets.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, made) in one.Targets)
            foreach (var ((part, value), (_, same)) in made.Parts.Zip(other.Targets[path].Parts)) Assert.True(value.equal(same).all().item<bool>(), $"{part} of {path} differs");
        Assert.Equal(one.Embeddings.Select(e => e.Name).Order(StringComparer.Ordinal), other.Embeddings.Select(e => e.Name).Order(StringComparer.Ordinal));
    }

    static IEnumerable<string> TwinFiles(JsonElement twin) =>
        twin.TryGetProperty("files", out var files) ? files.EnumerateArray().Select(file => file.GetString()!) : [twin.GetProperty("file").GetString()!];

    // The cloneofsimo lists hold up and down by turns, one list a component: ADAPTER.pt for the unet, ADAPTER.COMPONENT.pt for another.
    static string Counted(string file, int place, ITensorFile twin)
    {
        string part = place % 2 == 0 ? "up" : "down";
        string component = Path.GetExtension(Path.GetFileNameWithoutExtension(file)) is { Length: > 1 } extension ? extension[1..] : "unet";
        string name = $"{component}:{place / 2}:{part}";
        return twin.Tensors.Any(tensor => tensor.Name == name) ? name : throw new Xunit.Sdk.XunitException($"{file}: number {place} has no twin {name}");
    }
}
