using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Language;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Folders written as GGUF: key by key and byte for byte what llama.cpp's converter writes.</summary>
public class GgufWritingGoldens
{
    static readonly GoldenList converted = new("language/gguf2", "cases.json");

    public static IEnumerable<TheoryDataRow<string, string>> Files =>
        from golden in converted.All
        from file in golden.GetProperty("files").EnumerateArray()
        select new TheoryDataRow<string, string>(golden.GetProperty("name").GetString()!, file.GetProperty("manifest").GetString()!);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Files)), Trait("kind", "goldens")]
    public void WrittenFile(string model, string manifest) => Golden.Run("language/gguf2/written", manifest, () =>
    {
        var golden = converted.All.First(one => one.GetProperty("name").GetString() == model);
        var told = golden.GetProperty("files").EnumerateArray().First(file => file.GetProperty("manifest").GetString() == manifest);
        string source = Path.Combine(converted.Folder, golden.GetProperty("hf").GetString()!);
        if (!File.Exists(Path.Combine(source, "model.safetensors"))) throw Golden.NotCovered($"{source} has no weights");
        string type = told.GetProperty("outtype").GetString()!;
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = folder[$"{manifest}.gguf"];
        GgufModels.Write(source, path, type == "auto" ? null : QuantizedFileType.Named(type));
        using (var file = Gguf.Open(path)) GgufGoldens.AssertIs(file, GgufGoldens.ManifestOf(manifest));
        if (told.GetProperty("file") is { ValueKind: JsonValueKind.String } stored)
            Assert.True(File.ReadAllBytes(Path.Combine(converted.Folder, stored.GetString()!)).AsSpan().SequenceEqual(File.ReadAllBytes(path)), $"{manifest} has other bytes");
        if (told.GetProperty("gap_to_hf_weights").GetDouble() > 1e-4 && type != "q8_0") return;   // numbers that 16 bits do not hold
        using var facts = GgufModelsGoldens.Of(golden);
        bool isOther = type == "q8_0" && !facts.Has($"{manifest}.logits");
        if (!isOther) GgufModelsGoldens.CheckFile(facts, path, manifest);
    });

    static readonly GoldenList variants = new("language/gguf2", "variants.json");

    public static IEnumerable<TheoryDataRow<string>> Variants => variants.Rows;

    // What the converter does silently and wrong, or refuses for reasons of its own, is not imitated.
    static readonly HashSet<string> writtenHere = ["gpt2-no-n_ctx", "no-architectures", "bpe-hash-unknown"];
    static readonly HashSet<string> refusedHere = ["gpt2-n_inner", "one-tensor-missing"];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Variants)), Trait("kind", "goldens")]
    public void WrittenVariant(string name) => variants.Run(name, golden =>
    {
        string source = Path.Combine(variants.Folder, golden.GetProperty("base").GetString()!);
        if (!File.Exists(Path.Combine(source, "model.safetensors"))) throw Golden.NotCovered($"{source} has no weights");
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string changed = Folders.Changed(source, folder.Path, golden.GetProperty("changed_files"));
        string path = folder["changed.gguf"], plain = folder["plain.gguf"];
        if (writtenHere.Contains(name))
        {
            Write(changed, path);
            Write(source, plain);
            Assert.True(File.ReadAllBytes(plain).AsSpan().SequenceEqual(File.ReadAllBytes(path)));
            return;
        }
        if (golden.TryGetProperty("error", out _) || refusedHere.Contains(name))
        {
            Assert.Throws<LowrankException>(() => Write(changed, path));
            Assert.False(File.Exists(path));
            return;
        }
        Write(changed, path);
        Write(source, plain);
        using GgufFile got = Gguf.Open(path), before = Gguf.Open(plain);
        Assert.Equal(golden.GetProperty("metadata_gone").EnumerateArray().Select(key => key.GetString()),
            before.Entries.Where(entry => got.Entries.Find(entry.Key) is null).Select(entry => entry.Key));
        var others = got.Entries.Where(entry => Text(before.Entries.Find(entry.Key)) != Text(entry)).ToDictionary(entry => entry.Key);
        var wanted = golden.GetProperty("metadata_changed").EnumerateArray().ToList();
        Assert.Equal(wanted.Select(entry => entry.GetProperty("key").GetString()).Order(), others.Keys.Order());
        foreach (var want in wanted) GgufGoldens.AssertValue(want, others[want.GetProperty("key").GetString()!]);
        var tensors = golden.GetProperty("tensors_new").EnumerateArray().ToList();
        Assert.Equal(tensors.Select(tensor => tensor.GetProperty("name").GetString()), got.Tensors.Select(info => info.Name).Except(before.Tensors.Select(info => info.Name)));
        foreach (var tensor in tensors)
            if (tensor.TryGetProperty("values", out var values))
                Assert.Equal(values.EnumerateArray().Select(value => value.GetSingle()), got.Read(tensor.GetProperty("name").GetString()!).data<float>().ToArray());
    });

    static string? Text(GgufEntry? entry) => entry?.Value switch
    {
        null => null,
        GgufArray { ElementType: GgufType.Text } texts => string.Join('\n', texts.Texts()),
        GgufArray numbers => string.Join('\n', numbers.Floats()),
        _ => entry!.Shown,
    };

    static class Folders
    {
        /// <summary>A copy of a folder under its own name with some files changed, taken out or, of the weights, a tensor left out or added.</summary>
        public static string Changed(string source, string where, JsonElement changes)
        {
            string copy = Directory.CreateDirectory(Path.Combine(where, Path.GetFileName(source))).FullName;
            foreach (string file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            foreach (string file in Directory.EnumerateFiles(copy)) File.SetAttributes(file, FileAttributes.Normal);
            foreach (var change in changes.EnumerateObject())
            {
                string path = Path.Combine(copy, change.Name);
                if (change.Name is "drop" or "add") Weights(copy, change.Name == "add", change.Value.GetString()!);
                else if (change.Value.ValueKind == JsonValueKind.Null) File.Delete(path);
                else
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.WriteAllText(path, change.Value.ValueKind == JsonValueKind.String ? change.Value.GetString() : change.Value.GetRawText());
                }
            }
            return copy;
        }

        static void Weights(string folder, bool adds, string name)
        {
            string path = Path.Combine(folder, "model.safetensors");
            Dictionary<string, Tensor> tensors;
            using (var file = Safetensors.Open(path)) tensors = file.Tensors.Where(info => info.Name != name).ToDictionary(info => info.Name, info => file.Read(info.Name));
            if (adds) tensors[name] = ones(4, device: CPU);
            File.Delete(path);
            Safetensors.Save(path, tensors);
        }
    }

    static void Write(string folder, string path) =>
        GgufModels.Write(folder, path, QuantizedFileType.Named("F16"), cancel: TestContext.Current.CancellationToken);
}
