using System.Globalization;
using System.Reflection;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Makes pictures from text.</summary>
/// <param name="model">The model; its parts lie on <paramref name="device"/>.</param>
/// <param name="precision">In which dtype the denoising network is computed. Latents and sampling stay in float32.</param>
/// <param name="device">Where it is computed.</param>
public sealed class TextToImage(StableDiffusion model, Precision precision, Device device)
{
    /// <summary>Makes the pictures that <paramref name="options"/> ask for, batch by batch. Each one's text says how it was made.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancel">Looked at between steps and pictures.</param>
    /// <returns>All pictures of the first prompt, then those of the second, ...</returns>
    /// <exception cref="LowrankException">The options cannot be met; all faults are listed.</exception>
    public IReadOnlyList<Picture> Generate(GenerateOptions options, IProgress<SamplingProgress>? progress = null, CancellationToken cancel = default)
    {
        options = WithSeeds(options.Checked(model));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var text = Encode(options);
        var pictures = new List<Picture>();
        foreach (int[] batch in Enumerable.Range(0, options.Count).Chunk(options.OneGenerator ? options.Count : options.Batch))
        {
            using var batchScope = NewDisposeScope();
            int finished = pictures.Count;
            var latents = Sample(options, text, batch, (step, of, _) => progress?.Report(new SamplingProgress(step, of, finished, options.Count)), cancel);
            for (int i = 0; i < batch.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                using var pictureScope = NewDisposeScope();
                var picture = PictureTransforms.FromTensor(Decode(latents[i..(i + 1)])[0]);
                pictures.Add(new Picture(picture.Width, picture.Height, picture.Pixels) { InfoText = Info(options, batch[i]).Format() });
            }
        }
        return pictures;
    }

    /// <summary>The final latents of all pictures as one batch (pictures, C, H, W), float32, scaled as the network sees them.</summary>
    /// <param name="options">What is asked for; its seeds must be given.</param>
    /// <param name="afterStep">Told step (from 1), steps, and the latents after it; they live in the run's scope.</param>
    /// <param name="cancel">Looked at between steps.</param>
    public Tensor Latents(GenerateOptions options, Action<int, int, Tensor>? afterStep = null, CancellationToken cancel = default)
    {
        options = WithSeeds(options.Checked(model));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return scope.MoveToOuter(Sample(options, Encode(options), [.. Enumerable.Range(0, options.Count)], afterStep, cancel));
    }

    /// <summary>Pictures (B, 3, H, W), about in [−1, 1], float32, of latents scaled as the network sees them.</summary>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        // bfloat16 has float32's range. float16 has not, overflows in XL's autoencoder, and is slow on a CPU.
        var dtype = model.Vae.parameters().First().dtype == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var pictures = model.Vae.Decode((latents / model.VaeConfig.ScalingFactor).to(dtype, device));
        return scope.MoveToOuter(pictures.to(ScalarType.Float32));
    }

    /// <summary>The sampler and the plan that <paramref name="options"/> ask for on this model.</summary>
    public (Sampler Sampler, SamplingPlan Plan) Plan(GenerateOptions options)
    {
        var scheduler = options.Scheduler ?? model.Scheduler;
        if (options.Sampler is not { } name) return Schedulers.Create(scheduler, options.Steps, options.SamplerOptions);
        var sampler = Samplers.Find(name);
        var plan = ScheduleOf(options, sampler).Plan(NoiseSchedule.From(scheduler, doubles: true), options.Steps);
        return (sampler.Create(options.SamplerOptions), plan);
    }

    Tensor Sample(GenerateOptions options, Text text, int[] pictures, Action<int, int, Tensor>? afterStep, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var (sampler, plan) = Plan(options);
        bool guided = options.GuidanceScale > 1;
        int[] rows = [.. pictures.Select(p => p / options.ImagesPerPrompt)];
        var conditioning = guided ? text.Negative!.Rows(rows).Then(text.Positive.Rows(rows)) : text.Positive.Rows(rows);
        var context = conditioning.Context.to(precision.Compute);
        var added = conditioning.Pooled is { } pooled ? new AddedConditions(pooled.to(precision.Compute), TimeIds(options, pictures.Length, guided)) : null;

        Tensor Network(Tensor x, NoiseLevel level)
        {
            using var call = NewDisposeScope();
            var input = (guided ? cat([x, x]) : x).to(precision.Compute, device);
            var answer = model.UNet.Run(input, tensor((float)level.Timestep, device: device), context, added).to(ScalarType.Float32);
            return call.MoveToOuter(guided ? Guidance.Combine(answer, options.GuidanceScale, options.GuidanceRescale) : answer);
        }

        var (width, height) = Size(options);
        int factor = model.VaeConfig.Factor;
        using var noise = new GeneratorNoise(options.OneGenerator ? options.Seeds : [.. pictures.Select(p => options.Seeds[p])],
            pictures.Length, [model.VaeConfig.LatentChannels, height / factor, width / factor], device);
        var denoiser = new Denoiser(Network, (options.Scheduler ?? model.Scheduler).Prediction, plan.Clip);
        var start = noise.Draw() * plan.StartScale;
        return scope.MoveToOuter(sampler.Run(denoiser, plan, start, noise, (i, x) => afterStep?.Invoke(i + 1, plan.Steps.Count, x), cancel));
    }

    sealed record Text(TextConditioning Positive, TextConditioning? Negative);

    Text Encode(GenerateOptions options)
    {
        var positive = PromptEncoder.Encode(model, options.Prompts, options.ClipSkip, options.SecondPrompts, device);
        if (options.GuidanceScale <= 1) return new(positive, null);
        if (options.NegativePrompts is null && options.NegativePrompt is null && model.ForceZerosForEmptyPrompt) return new(positive, positive.Zeros());
        var negatives = options.NegativePrompts ?? [.. options.Prompts.Select(_ => options.NegativePrompt ?? "")];
        return new(positive, PromptEncoder.Encode(model, negatives, options.NegativeClipSkip ?? options.ClipSkip, options.SecondNegativePrompts, device));
    }

    Tensor TimeIds(GenerateOptions options, int pictures, bool guided)
    {
        var (width, height) = Size(options);
        var sizes = options.Sizes ?? SizeConditions.Of(width, height);
        var positive = sizes.ToTensor(device).expand(pictures, 6);
        return guided ? cat([(options.NegativeSizes ?? sizes).ToTensor(device).expand(pictures, 6), positive]) : positive;
    }

    /// <summary>The size that pictures get: what is asked for, or the model's own.</summary>
    public (int Width, int Height) Size(GenerateOptions options)
    {
        int own = model.UNetConfig.SampleSize * model.VaeConfig.Factor;
        return (options.Width ?? own, options.Height ?? own);
    }

    Schedule ScheduleOf(GenerateOptions options, SamplerDescriptor sampler)
    {
        var schedule = Schedules.Find(options.Schedule ?? sampler.DefaultSchedule);
        return schedule.Name == "align_your_steps" && model.Family == "sdxl" ? Schedules.Find("align_your_steps_sdxl") : schedule;
    }

    // A seed for each picture, so that the pictures' texts can name it.
    static GenerateOptions WithSeeds(GenerateOptions options)
    {
        if (options.OneGenerator || options.Seeds.Count == options.Count) return options.Seeds.Count > 0 ? options : options with { Seeds = [Drawn()] };
        long first = options.Seeds.Count > 0 ? options.Seeds[0] : Drawn();
        return options with { Seeds = [.. Enumerable.Range(0, options.Count).Select(i => first + i)] };

        static long Drawn() => Random.Shared.NextInt64(1L << 32);   // torch's CPU generator heeds the low 32 bits alone
    }

    InfoText Info(GenerateOptions options, int picture)
    {
        int row = picture / options.ImagesPerPrompt;
        var (width, height) = Size(options);
        var fields = new List<KeyValuePair<string, string>>();
        Add("Steps", options.Steps);
        if (options.Sampler is { } name)
        {
            var sampler = Samplers.Find(name);
            Add("Sampler", sampler.Label);
            Add("Schedule type", ScheduleOf(options, sampler).Label);
        }
        else
        {
            Add("Sampler", Samplers.Find(Schedulers.Supporting(options.Scheduler ?? model.Scheduler, out _)!.SamplerName).Label);
        }
        Add("CFG scale", options.GuidanceScale);
        Add("Seed", options.Seeds[options.OneGenerator ? 0 : picture]);
        Add("Size", $"{width}x{height}");
        Add("Model", model.Name);
        if (options.ClipSkip > 1) Add("Clip skip", options.ClipSkip);
        fields.AddRange(options.InfoFields);
        Add("Version", $"lowrank {typeof(TextToImage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}");
        return new InfoText(options.Prompts[row], options.NegativePrompts?[row] ?? options.NegativePrompt ?? "", fields);

        void Add(string field, object value) => fields.Add(new(field, Convert.ToString(value, CultureInfo.InvariantCulture)!));
    }
}
