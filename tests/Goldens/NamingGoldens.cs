using System.IO.Compression;
using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Storage = Lowrank.Torch.Layers.Storage;

namespace Goldens;

/// <summary>Single-file checkpoints: complete key lists of the real models, and tiny files that must give the folders they were made of.</summary>
public sealed class NamingGoldens
{
    const string Group = "diffusion/naming";

    sealed record Row(string Part, string Own, long[] OwnShape, string Key, long[] KeyShape, string Transform);

    public static IEnumerable<TheoryDataRow<string>> Lists => !Directory.Exists(Path.Combine(GoldenFolder.Root, Group)) ? []
        : Directory.EnumerateFiles(Path.Combine(GoldenFolder.Root, Group), "*.tsv*").Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(Path.GetFileName(file)));

    public static IEnumerable<TheoryDataRow<string>> Files => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Lists)), Trait("kind", "goldens")]
    public void TheKeyMapIsOneToOne(string list) => Golden.Run(Group, list, () =>
    {
        var rows = Read(Path.Combine(GoldenFolder.Root, Group, list)).ToList();
        var kind = CheckpointKind.Of([.. rows.DistinctBy(row => row.Key).Select(row => new TensorInfo(row.Key, TensorDtype.F16, row.KeyShape))]);
        Assert.NotNull(kind);
        Assert.Equal(rows.Select(row => row.Part).Distinct().Order(StringComparer.Ordinal), kind.Parts.Order(StringComparer.Ordinal));

        // A file of these keys without values: what is known of a model whose header alone was read.
        string file = Path.Combine(Directory.CreateTempSubdirectory("lowrank-naming-").FullName, "keys.safetensors");
        Sparse(file, rows.DistinctBy(row => row.Key).Select(row => (row.Key, row.KeyShape)));
        using (var checkpoint = ModelCheckpoint.Open(file))
        {
            Assert.Empty(checkpoint.Unused);
            Assert.Empty(checkpoint.Unknown);
            foreach (var part in rows.GroupBy(row => row.Part))
            {
                var view = checkpoint.Part(part.Key).Tensors.ToDictionary(tensor => tensor.Name, tensor => Spell(tensor.Shape));
                Assert.Equal(part.ToDictionary(row => row.Own, row => Spell(row.OwnShape)), view);
                var names = checkpoint.NamesOf(part.Key);
                foreach (var row in part)
                {
                    var key = names.ToKey(row.Own)!.Value;
                    Assert.Equal((row.Key, row.Transform), (key.Key, Spell(key.Folding)));
                    Assert.Contains((row.Own, key.Folding), names.ToOwn(row.Key));
                    Assert.Equal(part.Where(other => other.Key == row.Key).Select(other => other.Own).Order(StringComparer.Ordinal), names.ToOwn(row.Key).Select(own => own.Own).Order(StringComparer.Ordinal));
                }
                AssertBuilds(checkpoint, part.Key, part.ToDictionary(row => row.Own, row => Spell(row.OwnShape)));
            }
        }
        Directory.Delete(Path.GetDirectoryName(file)!, true);
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Files)), Trait("kind", "goldens")]
    public void ACheckpointEqualsItsFolder(string name) => Golden.Run(Group, name, golden =>
    {
        string file = Path.Combine(golden.Group.Folder, golden["file"].GetString()!), folder = DiffusionFolder.Of(golden, "same_as");
        bool whole = File.Exists(Path.Combine(folder, "model_index.json"));
        var options = new CheckpointOptions { Config = whole ? folder : Path.GetDirectoryName(folder) };
        using (var checkpoint = ModelCheckpoint.Open(file, options))
        {
            if (golden["family"] is { ValueKind: JsonValueKind.String } family) Assert.Equal(family.GetString(), checkpoint.Kind.Family);
            if (golden["keys"] is { ValueKind: JsonValueKind.Number } keys) Assert.Equal(keys.GetInt32(), KeysOf(file).Count);
            Assert.Empty(checkpoint.Unknown);
            var ignored = golden["ignored"] is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(key => key.GetString()!) : [];
            Assert.Equal(ignored.Order(StringComparer.Ordinal), checkpoint.Unused.Order(StringComparer.Ordinal));
            foreach (string part in checkpoint.Kind.Parts)
            {
                using var view = checkpoint.Part(part);
                if (golden["dtype"] is { ValueKind: JsonValueKind.String } dtype)
                    Assert.All(view.Tensors, tensor => Assert.Equal(dtype.GetString(), tensor.Dtype.ToScalarType().ToString().ToLowerInvariant()));
                AssertSame(whole ? Path.Combine(folder, part) : folder, part, view);
            }
        }
        if (whole) AssertConverts(file, folder, options);
    });

    static void AssertConverts(string file, string folder, CheckpointOptions options)
    {
        string root = Directory.CreateTempSubdirectory("lowrank-naming-").FullName, made = Path.Combine(root, "folder"), single = Path.Combine(root, "single.safetensors");
        CheckpointConversion.ToFolder(file, made, options);
        using (var first = StableDiffusion.Load(folder, Storage.Default))
        using (var second = StableDiffusion.Load(made, Storage.Default))
        using (var third = StableDiffusion.Load(file, Storage.Default, options: options))
            foreach (var other in new[] { second, third })
            {
                AssertSame(first.UNet, other.UNet);
                AssertSame(first.Vae, other.Vae);
                AssertSame(first.TextEncoder, other.TextEncoder);
                if (first.TextEncoder2 is { } encoder) AssertSame(encoder, other.TextEncoder2!);
                Assert.Equal(first.Scheduler, other.Scheduler);
                Assert.Equal(first.Family, other.Family);
                Assert.Equal(first.ForceZerosForEmptyPrompt, other.ForceZerosForEmptyPrompt);
                Assert.Equal(first.Tokenizer.Encode("a red fox"), other.Tokenizer.Encode("a red fox"));
                Assert.Equal(first.Tokenizer2?.Encode("a red fox!"), other.Tokenizer2?.Encode("a red fox!"));
            }

        // And back: every key that is of use, bit for bit.
        CheckpointConversion.ToFile(made, single);
        using var checkpoint = ModelCheckpoint.Open(file, options);
        using var back = ModelCheckpoint.Open(single, options);
        using var written = Containers.Open(single);
        using var given = Containers.Open(file);
        var keys = KeysOf(file).Except(checkpoint.Unused).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(keys, KeysOf(single).Except(back.Unused).Order(StringComparer.Ordinal));
        foreach (string key in keys)
        {
            using var one = given.Read(key);
            using var other = written.Read(key);
            Assert.True(one.dtype == other.dtype && SameBits(one, other), key);
        }
        Directory.Delete(root, true);
    }

    static List<string> KeysOf(string file)
    {
        using var open = Containers.Open(file);
        return [.. open.Tensors.Select(tensor => tensor.Name)];
    }

    static void AssertSame(nn.Module first, nn.Module second)
    {
        var others = second.state_dict();
        Assert.Equal(first.state_dict().Keys.Order(StringComparer.Ordinal), others.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in first.state_dict()) Assert.True(SameBits(tensor, others[name]), name);
    }

    static bool SameBits(Tensor one, Tensor other) => one.shape.AsSpan().SequenceEqual(other.shape) && one.contiguous().bytes.SequenceEqual(other.contiguous().bytes);

    // The folder's file may spell a text encoder without "text_model." and an autoencoder's attention in the old way; the loaded models agree.
    static void AssertSame(string folder, string part, ITensorFile view)
    {
        using nn.Module model = part switch
        {
            "unet" => UNet2DConditionModel.Load(folder),
            "vae" => AutoencoderKL.Load(folder),
            _ => ClipTextModel.Load(folder),
        };
        Assert.Equal(model.state_dict().Keys.Order(StringComparer.Ordinal), view.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in model.state_dict())
        {
            using var read = view.Read(name);
            Assert.True(SameBits(tensor, read.to(tensor.dtype)), name);
        }
    }

    // The shapes found from the keys make a model of just these weights.
    static void AssertBuilds(ModelCheckpoint checkpoint, string part, Dictionary<string, string> rows)
    {
        var nowhere = new Storage(ScalarType.Float32, new Device(DeviceType.META));
        using nn.Module model = part switch
        {
            "unet" => new UNet2DConditionModel(OneOf(checkpoint.UNetConfig, c => c with { SampleSize = 0 }, UNetConfig.Sd15, UNetConfig.Sd21, UNetConfig.Sdxl), nowhere),
            "vae" => new AutoencoderKL(OneOf(checkpoint.VaeConfig, c => c with { SampleSize = 0 }, VaeConfig.Sd15, VaeConfig.Sd21, VaeConfig.Sdxl), nowhere),
            _ => new ClipTextModel(OneOf(checkpoint.TextConfig(part), c => c, ClipTextConfig.Sd15, ClipTextConfig.Sd21, ClipTextConfig.SdxlSecond), nowhere),
        };
        Assert.Equal(rows, model.state_dict().ToDictionary(pair => pair.Key, pair => Spell(pair.Value.shape)));
    }

    // Heads, groups and activations too are those of a published model. (Records compare lists by reference; as text they compare by their items.)
    static T OneOf<T>(T found, Func<T, T> bare, params T[] published)
    {
        Assert.Contains(JsonSerializer.Serialize(bare(found)), published.Select(preset => JsonSerializer.Serialize(bare(preset))));
        return found;
    }

    static string Spell(IEnumerable<long> shape) => string.Join('x', shape);

    static string Spell(Folding folding) => folding switch
    {
        Folding.Same => "same",
        Folding.Convolution => "squeeze",
        Folding.Transposed => "transpose",
        _ => $"rows_{folding - Folding.FirstRows}_of_3",
    };

    // A header and a length: on most file systems the file takes a few blocks, whatever its size.
    static void Sparse(string path, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        long offset = 0;
        var header = new Dictionary<string, object>();
        foreach (var (name, shape) in tensors)
        {
            long bytes = 2 * shape.Aggregate(1L, (product, axis) => product * axis);
            header[name] = new { dtype = "F16", shape, data_offsets = new[] { offset, offset + bytes } };
            offset += bytes;
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)json.Length));
        stream.Write(json);
        stream.SetLength(8 + json.Length + offset);
    }

    static IEnumerable<Row> Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        reader.ReadLine();   // component, diffusers key, shape, LDM key, shape, transform
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split('\t');
            yield return new Row(fields[0], fields[1], Shape(fields[2]), fields[3], Shape(fields[4]), fields[5]);
        }

        static long[] Shape(string text) => [.. text.Split('x').Select(axis => long.Parse(axis, null))];
    }
}
