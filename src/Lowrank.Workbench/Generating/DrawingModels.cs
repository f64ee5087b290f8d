namespace Lowrank.Workbench;

/// <summary>The models that a request draws with, taken from a shelf until this is disposed of.</summary>
sealed class DrawingModels : IDisposable
{
    readonly List<TakenModel> taken = [];

    /// <summary>Takes them.</summary>
    /// <exception cref="LowrankException">One cannot be loaded, or is no Stable Diffusion.</exception>
    public DrawingModels(ModelShelf shelf, GeneratingRequest request, Precision precision, Device device, JobRun run)
    {
        string? second = request.Refiner is { } choice && !IsSame(choice.Path, request.Model) ? choice.Path : null;
        // In one order whoever asks, so that two requests do not wait for each other.
        string[] paths = [.. new[] { request.Model, second }.OfType<string>().Order(StringComparer.Ordinal)];
        try
        {
            foreach (string path in paths)
            {
                // What the model does not say of itself is told of the base alone.
                var options = path == request.Model
                    ? request.ModelOptions : new CheckpointOptions { AllowUnmatched = request.ModelOptions.AllowUnmatched };
                taken.Add(shelf.Take(ShelfPlace.Of(path, options, precision, device), run));
            }
            Base = taken[Array.IndexOf(paths, request.Model)].As<StableDiffusion>("drawn with");
            Refiner = second is null ? null : taken[Array.IndexOf(paths, second)].As<StableDiffusion>("refined with");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The base model.</summary>
    public StableDiffusion Base { get; }

    /// <summary>The model that takes over on the way; null for none, and where that is the base itself.</summary>
    public StableDiffusion? Refiner { get; }

    /// <summary>Those of the base's family, which adapters of the base fit: it, and perhaps the refiner.</summary>
    public IReadOnlyList<StableDiffusion> Alike => Refiner is { } second && second.Family == Base.Family ? [Base, second] : [Base];

    /// <summary>The refiner as a request asks for it; null for none.</summary>
    public RefinerOptions? OptionsOf(GeneratingRequest request) => Refiner is null ? null : new(Refiner, request.Refiner!.SwitchAt);

    /// <summary>Tells what is not used of a refiner, or in it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="leaves">Whether it gets none of the request's adapters and words.</param>
    /// <param name="account">Told.</param>
    public void Tell(GeneratingRequest request, bool leaves, Account account)
    {
        if (request.Refiner is not { } choice) return;
        if (Refiner is not { } refiner)
            account.Leaves("idle_refiner", $"the refiner {choice.Path} is not used: it is the model itself");
        else if (choice.SwitchAt >= 1)
            account.Leaves(
                "idle_refiner", $"the refiner {choice.Path} is not used: it takes over at {Quantity.Number(choice.SwitchAt)}, never");
        else if (leaves)
            account.Leaves("refiner_adapters", "adapters and learnt words work until the refiner takes over: " +
                $"{choice.Path} is a model of {refiner.Family}, and they are for {Base.Family}");
    }

    static bool IsSame(string path, string other) => FileKind.IdentityOf(path) == FileKind.IdentityOf(other);

    /// <inheritdoc/>
    public void Dispose()
    {
        taken.ForEach(model => model.Dispose());
        taken.Clear();
    }
}
