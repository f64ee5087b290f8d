using Lowrank.Diffusion;
using Lowrank.Models;
using TorchSharp;

namespace Lowrank.Cli;

/// <summary>Carries out a <see cref="GenerateRequest"/>.</summary>
static class Generation
{
    /// <summary>Draws and saves the pictures; the grid comes last.</summary>
    /// <returns>The files written, in order.</returns>
    /// <exception cref="StoppedException">Stopped by the token; pictures finished before are saved.</exception>
    public static IReadOnlyList<string> Run(GenerateRequest request, ProgressBars bars, CancellationToken cancel)
    {
        request.Check();
        var precision = PrecisionNames.Named(request.Precision);
        var loading = bars.Add("loading the model");
        using var model = StableDiffusion.Load(request.Model, new Storage(precision.Stored), options: request.ModelOptions);
        foreach (var note in model.Notes) bars.Say(note);
        request.Options.Checked(model);
        var adapters = new List<AttachedAdapter>();
        try
        {
            foreach (var argument in request.Adapters) adapters.Add(new AttachedAdapter(model, argument, request.ModelOptions.AllowUnknownKeys));
            foreach (var note in adapters.SelectMany(a => a.Notes)) bars.Say(note);
            loading.Done();
            return Draw(request, new TextToImage(model, precision, torch.CPU), adapters, bars, cancel);
        }
        finally
        {
            foreach (var adapter in adapters) adapter.Dispose();
        }
    }

    static List<string> Draw(GenerateRequest request, TextToImage pipeline, IReadOnlyList<AttachedAdapter> adapters, ProgressBars bars, CancellationToken cancel)
    {
        var written = new List<string>();
        var pictures = new List<Picture>();
        var names = request.IntoFile ? null : new PictureNames(request.Output);
        int steps = request.Options.Steps;
        var bar = bars.Add("pictures", request.Count * steps);
        var options = request.Options with { InfoFields = [.. request.Options.InfoFields, .. LoraHashes(adapters)] };
        foreach (var batch in request.Prompts.SelectMany(prompt => request.Seeds.Select(seed => (prompt, seed))).Chunk(options.Batch))
        {
            int before = pictures.Count;
            var progress = new Reported<SamplingProgress>(p =>
                bar.Report((before + p.Share(batch.Length) * batch.Length) * steps, $"{before + 1} to {before + batch.Length} of {request.Count}, step {p.Step} of {p.Steps}"));
            try
            {
                pictures.AddRange(pipeline.Generate(options with { Prompts = [.. batch.Select(b => b.prompt)], Seeds = [.. batch.Select(b => b.seed)] }, progress, cancel));
            }
            catch (OperationCanceledException)
            {
                throw new StoppedException(written.Count == 0 ? "Stopped; nothing was saved." : $"Stopped; saved {written.Count} of {request.Count} pictures, the last as {written[^1]}.");
            }
            if (before == 0)
                foreach (var adapter in adapters) adapter.Attachment.AssertUsed();
            if (request.IntoFile && request.Grid) continue;
            for (int i = before; i < pictures.Count; i++)
                written.Add(Save(names?.Next($"{batch[i - before].seed}") ?? request.Output, pictures[i], adapters));
        }
        if (request.Grid) written.Add(SaveGrid(names?.Next("grid") ?? request.Output, request, pictures));
        bar.Done();
        return written;
    }

    // The prompt names adapters and strengths as AUTOMATIC1111 does, so that the text makes the same picture there.
    static string Save(string path, Picture picture, IReadOnlyList<AttachedAdapter> adapters)
    {
        var info = InfoText.Parse(picture.InfoText!);
        PictureFile.Save(path, picture, (info with { Prompt = string.Join(' ', adapters.Select(a => a.Tag).Prepend(info.Prompt)) }).Format());
        return path;
    }

    static string SaveGrid(string path, GenerateRequest request, List<Picture> pictures)
    {
        var grid = PictureGrid.Compose([.. pictures.Chunk(request.Seeds.Count)], request.Prompts, request.Seeds.Count > 1 ? [.. request.Seeds.Select(seed => $"seed {seed}")] : null);
        PictureFile.Save(path, grid);
        return path;
    }

    static IEnumerable<KeyValuePair<string, string>> LoraHashes(IReadOnlyList<AttachedAdapter> adapters) =>
        adapters.Count == 0 ? [] : [new("Lora hashes", string.Join(", ", adapters.Select(a => $"{a.Name}: {a.Hash}")))];
}
