using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>
/// Rewrites a base model from a single file to a diffusers folder and back. Values and dtypes stay as they are; one tensor is in memory
/// at a time, and the new layout is there whole or not at all.
/// </summary>
public static class CheckpointConversion
{
    /// <summary>Writes the diffusers folder of a checkpoint, with settings and tokenizers.</summary>
    /// <param name="file">The checkpoint (.safetensors or .ckpt).</param>
    /// <param name="folder">The folder to make; it must not exist or be empty.</param>
    /// <param name="options">What the checkpoint cannot say of itself.</param>
    /// <param name="progress">Told bytes done and bytes in all.</param>
    /// <param name="cancel">Stops between two tensors; nothing is left then.</param>
    /// <exception cref="LowrankException">The checkpoint cannot be read as a whole model, or the folder cannot be written.</exception>
    public static ConversionReport ToFolder(
        string file,
        string folder,
        CheckpointOptions? options = null,
        Action<long, long>? progress = null,
        CancellationToken cancel = default)
    {
        options ??= new();
        if (Directory.Exists(file)) throw new LowrankException($"{file} is a folder already; a single-file checkpoint is expected.");
        using var checkpoint = ModelCheckpoint.Open(file, options);
        var source = ModelSource.OfCheckpoint(checkpoint, options);
        string full = Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder));
        if (File.Exists(full)) throw new LowrankException($"{folder} is a file; name a folder.");
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            throw new LowrankException($"{folder} is not empty. Name a new folder.");
        return AtomicFolder.Write(folder, aside => WriteFolder(source, checkpoint, options, aside, folder, progress, cancel));
    }

    static ConversionReport WriteFolder(
        ModelSource source,
        ModelCheckpoint checkpoint,
        CheckpointOptions options,
        string aside,
        string folder,
        Action<long, long>? progress,
        CancellationToken cancel)
    {
        using var parts = new OpenParts(source);
        parts.AssertWhole(source);
        var done = new BytesDone(parts.All.Sum(part => part.File.Tensors.Sum(tensor => tensor.Bytes)), progress, cancel);
        foreach (var (part, file) in parts.All)
        {
            string weights = Path.Combine(aside, part, FolderParts.StemOf(part) + ".safetensors");
            var tensors = file.Tensors.Select(tensor => done.Counted(tensor, () => InDtype(tensor, file.Read(tensor.Name))));
            Safetensors.SaveLazily(weights, tensors, torchFormat);
        }

        Write(ConfigFiles.Of(source.UNet), "unet", "config.json");
        Write(ConfigFiles.Of(source.Vae), "vae", "config.json");
        Write(ConfigFiles.Of(source.Scheduler), "scheduler", "scheduler_config.json");
        foreach (var (index, part) in FolderParts.Texts(source.Family).Index())
        {
            Write(ConfigFiles.Of(source.Text[index]), part, "config.json");
            string tokenizer = FolderParts.TokenizerOf(part);
            var files = options.Config is { } config
                ? Directory.EnumerateFiles(Path.Combine(config, tokenizer)).Select(path => (Path.GetFileName(path), File.ReadAllText(path)))
                : ConfigFiles.Tokenizer(FolderParts.PadOf(source.Family, index));
            foreach (var (name, text) in files) AtomicFile.WriteText(Path.Combine(aside, tokenizer, name), text);
        }
        // Last, as the mark of a whole folder.
        Write(ConfigFiles.Index(source), "model_index.json");
        return new ConversionReport(folder, source.Family, parts.All.Sum(part => part.File.Tensors.Count), done.Total,
            [.. checkpoint.Unused, .. checkpoint.Unknown], [.. checkpoint.Stored.Notes, .. source.Notes]);

        void Write(JsonObject json, params string[] path) => AtomicFile.WriteText(Path.Combine([aside, .. path]), ConfigFiles.Text(json));
    }

    /// <summary>Writes the single-file checkpoint of a diffusers folder, with the names that LDM and SGM gave.</summary>
    /// <param name="folder">The folder with model_index.json.</param>
    /// <param name="file">The file to write, a .safetensors.</param>
    /// <param name="overwrite">Whether it may exist.</param>
    /// <param name="progress">Told bytes done and bytes in all.</param>
    /// <param name="cancel">Stops between two tensors; nothing is left then.</param>
    /// <exception cref="LowrankException">The folder is no whole model, or the file cannot be written.</exception>
    public static ConversionReport ToFile(
        string folder,
        string file,
        bool overwrite = false,
        Action<long, long>? progress = null,
        CancellationToken cancel = default)
    {
        if (File.Exists(folder)) throw new LowrankException($"{folder} is a file already; a diffusers folder is expected.");
        OutputPlace.CheckEnding(file);
        if (File.Exists(file) && !overwrite) throw new LowrankException($"{file} exists. Name another file, or allow to overwrite it.");
        var source = ModelSource.OfFolder(folder);
        using var parts = new OpenParts(source);
        parts.AssertWhole(source);
        var planned = parts.All.SelectMany(part => Joined(part.File, parts.Stored(part.Part), NamesOf(part.Part, source))).ToList();
        var done = new BytesDone(planned.Sum(plan => plan.Info.Bytes), progress, cancel);
        var tensors = planned.Select(plan => done.Counted(plan.Info, () => InDtype(plan.Info, plan.Read())));
        Safetensors.SaveLazily(file, [.. tensors, .. Marks(source)], Metadata(source), overwrite);
        return new ConversionReport(file, source.Family, planned.Count, done.Total, [], [.. CannotHold(source, file)]);
    }

    static readonly Dictionary<string, string> torchFormat = new() { ["format"] = "pt" };

    static CheckpointNames NamesOf(string part, ModelSource source) => (part, source.Family) switch
    {
        ("unet", _) => CheckpointNames.UNet(source.UNet),
        ("vae", _) => CheckpointNames.Vae(source.Vae),
        (_, StableDiffusionGeneration.Refiner) => CheckpointNames.Clip(ClipSpelling.OpenClip, "conditioner.embedders.0.model."),
        ("text_encoder_2", _) => CheckpointNames.Clip(ClipSpelling.OpenClip, "conditioner.embedders.1.model."),
        (_, "sdxl") => CheckpointNames.Clip(ClipSpelling.Transformers, "conditioner.embedders.0.transformer."),
        (_, "sd2") => CheckpointNames.Clip(ClipSpelling.OpenClip, "cond_stage_model.model."),
        _ => CheckpointNames.Clip(ClipSpelling.Transformers, "cond_stage_model.transformer."),
    };

    // The checkpoint's tensors of a part; three may become one.
    static IEnumerable<TensorSource> Joined(ITensorFile file, IReadOnlyDictionary<string, string> stored, CheckpointNames names)
    {
        var infos = file.Tensors.ToDictionary(tensor => tensor.Name);
        var places = stored.Select(pair => (pair.Key, Info: infos[pair.Value], Place: names.ToKey(pair.Key)));
        foreach (var group in places.GroupBy(item => item.Place?.Key))
        {
            var items = group.OrderBy(item => item.Place?.Folding).ToList();
            if (group.Key is null)
                throw new LowrankException($"{file.Path} holds tensors that a checkpoint has no place for: " +
                    $"{string.Join(", ", items.Take(8).Select(item => item.Key))}.");
            var folding = items[0].Place!.Value.Folding;
            // Parts of different dtypes meet in the one that holds both.
            var dtype = items.Select(item => item.Info.Dtype).Distinct().ToList() is [var one] ? one : TensorDtype.F32;
            bool widens = items.Count > 1 && dtype == TensorDtype.F32;
            var info = new TensorInfo(group.Key, dtype, folding.Fold(items[0].Info.Shape));
            yield return new TensorSource(info, () => folding.Fold([.. items.Select(item => Read(item.Info.Name, widens))]));
        }

        Tensor Read(string name, bool widens)
        {
            var tensor = file.Read(name);
            return widens && tensor.dtype != ScalarType.Float32 ? tensor.Then(tensor.to(ScalarType.Float32)) : tensor;
        }
    }

    // 8-bit floats are read as float32; rounding them back gives the same bits.
    static Tensor InDtype(TensorInfo info, Tensor tensor) =>
        info.Dtype.IsFloat8() ? tensor.Then(tensor.to(info.Dtype.ToScalarType())) : tensor;

    // What ComfyUI looks for in checkpoints of XL: empty tensors whose names say how the model was trained. Of other families what is
    // predicted stands in the metadata, and zero SNR nowhere else.
    static IEnumerable<TensorSource> Marks(ModelSource source)
    {
        bool isBase = source.Family == "sdxl";
        if (isBase && source.Scheduler.Prediction == PredictionType.Velocity) yield return Mark(CheckpointNoise.VelocityMark);
        if (source.Scheduler.RescaleBetasZeroSnr) yield return Mark(CheckpointNoise.ZeroMark);

        static TensorSource Mark(string name) => new(new TensorInfo(name, TensorDtype.F32, [0]), () => empty(0, device: CPU));
    }

    static Dictionary<string, string> Metadata(ModelSource source)
    {
        int pixels = source.UNet.SampleSize * source.Vae.Factor;
        bool velocity = source.Scheduler.Prediction == PredictionType.Velocity;
        return new(torchFormat)
        {
            ["modelspec.sai_model_spec"] = "1.0.1",
            ["modelspec.architecture"] = source.Family switch
            {
                "sd1" => "stable-diffusion-v1",
                "sd2" => velocity ? "stable-diffusion-v2-768-v" : "stable-diffusion-v2-512",
                StableDiffusionGeneration.Refiner => "stable-diffusion-xl-v1-refiner",
                _ => "stable-diffusion-xl-v1-base",
            },
            ["modelspec.implementation"] = "https://github.com/Stability-AI/generative-models",
            ["modelspec.title"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source.Path))),
            ["modelspec.resolution"] = $"{pixels}x{pixels}",
            ["modelspec.prediction_type"] = velocity ? "v" : "epsilon",
        };
    }

    // A checkpoint is weights alone: whatever a loader would not find out from them is said.
    static IEnumerable<string> CannotHold(ModelSource source, string file)
    {
        if (source.Scheduler.Prediction == PredictionType.Sample)
            yield return "The model predicts the sample itself, which a checkpoint cannot say.";
        if (source.Text[0].VocabularySize != ClipVocabulary.Size)
            yield return $"The tokenizer is not CLIP's own, and a checkpoint holds none: keep {source.Path} as the config of {file}.";
        else if (TellsAnotherShape(source, file) is { } why)
            yield return $"The weights do not tell the model's settings ({why}): keep {source.Path} as the config of {file}.";
    }

    static string? TellsAnotherShape(ModelSource source, string file)
    {
        try
        {
            using var written = ModelCheckpoint.Open(file);
            if (!AreAlike(ConfigFiles.Of(written.UNetConfig), ConfigFiles.Of(source.UNet))) return "of the network";
            if (!AreAlike(ConfigFiles.Of(written.VaeConfig), ConfigFiles.Of(source.Vae))) return "of the autoencoder";
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message;
        }

        static bool AreAlike(JsonObject one, JsonObject other) => JsonNode.DeepEquals(Functional(one), Functional(other));

        static JsonObject Functional(JsonObject json)
        {
            foreach (string field in notFunctional) json.Remove(field);
            return json;
        }
    }

    // Fields that only say what the model was made for, or guard float16.
    static readonly string[] notFunctional = ["sample_size", "upcast_attention", "force_upcast", "transformer_layers_per_block"];

    sealed class BytesDone(long total, Action<long, long>? progress, CancellationToken cancel)
    {
        long done;

        internal long Total => total;

        /// <summary>A tensor that is counted as done when it is read.</summary>
        internal TensorSource Counted(TensorInfo info, Func<Tensor> read) => new(info, () =>
        {
            var tensor = read();
            cancel.ThrowIfCancellationRequested();
            done += info.Bytes;
            progress?.Invoke(done, total);
            return tensor;
        });
    }
}
