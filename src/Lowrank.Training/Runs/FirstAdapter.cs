namespace Lowrank.Training;

/// <summary>An adapter from a file that training begins with, in place of a fresh one.</summary>
/// <remarks>kohya's network_weights, and with ranks from the file dim_from_weights.</remarks>
sealed class FirstAdapter : IDisposable
{
    readonly string path;
    readonly Adapter adapter;

    FirstAdapter(string path, Adapter adapter) => (this.path, this.adapter) = (path, adapter);

    /// <summary>Reads it, where a recipe names one.</summary>
    /// <exception cref="LowrankException">It does not fit the model.</exception>
    public static FirstAdapter? Of(
        TrainingRecipe recipe, ModelDescription model, IReadOnlyList<PlannedTarget> whole, Account account)
    {
        string path = recipe.Network.InitAdapter;
        if (path.Length == 0) return null;
        var adapter = AdapterFile.ReadBesideHead(path, model, [.. whole.Select(one => one.Target)]);
        // Training is where they are in force.
        var ofTraining = TrainedDropouts.Of(adapter.Metadata).NotesOfReading;
        foreach (var note in adapter.Notes.Except(ofTraining)) account.Leaves("init_adapter", $"{path}: {note}");
        foreach (var unused in PassedOver.Sentences(adapter.PassedOver)) account.Leaves("init_adapter", $"{path}: not used: {unused}");
        if (adapter.Embeddings.Count > 0)
            account.Leaves("init_adapter", $"{path} brings {Listing.Count(adapter.Embeddings.Count, "word")}, which are not trained on");
        return new(path, adapter);
    }

    /// <summary>The plan with ranks and alphas of the file, where they are asked for; tells what begins fresh.</summary>
    /// <exception cref="LowrankException">The file adapts layers that the run does not.</exception>
    public IReadOnlyList<PlannedTarget> Fit(IReadOnlyList<PlannedTarget> plan, bool ranks, Account account)
    {
        var paths = plan.Select(one => one.Target.Path).ToHashSet();
        string[] strange = [.. adapter.Targets.Keys.Where(target => !paths.Contains(target))];
        if (strange.Length > 0)
            throw new LowrankException($"{path} adapts {Listing.Count(strange.Length, "layer")} that this run leaves alone: " +
                $"{Listing.Of(strange)}. Choose them too (preset, targets, train_text_encoder, conv_rank).");
        int taken = plan.Count(one => adapter.Targets.ContainsKey(one.Target.Path));
        account.Takes("init_adapter", $"begins with {path} in {taken} of {Listing.Count(plan.Count, "layer")}, and fresh in the others");
        return ranks ? [.. plan.Select(Ranked)] : plan;
    }

    PlannedTarget Ranked(PlannedTarget planned)
    {
        if (!adapter.Targets.TryGetValue(planned.Target.Path, out var read) || read.Settings is not { } settings) return planned;
        double? alpha = AlphaOf(read) ?? settings.Alpha;
        return planned with { Options = planned.Options with { Rank = settings.Rank, Alpha = alpha, RankStabilized = false } };
    }

    static double? AlphaOf(Reparameterization made)
    {
        foreach (var (part, value) in made.Parts)
            if (part == "alpha") return value.ToDouble();
        return null;
    }

    /// <summary>Puts its values in the place of a fresh adapter's.</summary>
    /// <exception cref="LowrankException">A layer has another method, rank or alpha there.</exception>
    public void CopyInto(Adapter fresh)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (target, read) in adapter.Targets) Copy(read, fresh.Targets[target]);
    }

    void Copy(Reparameterization read, Reparameterization made)
    {
        var stored = read.Parts.ToDictionary(part => part.Part, part => part.Value);
        var trained = made.parameters().Where(parameter => parameter.requires_grad).Select(parameter => parameter.Handle).ToHashSet();
        int copied = 0;
        foreach (var (part, value) in made.Parts)
        {
            if (!stored.Remove(part, out var begun)) throw Other(made, $"the file has no {part}");
            if (!begun.shape.SequenceEqual(value.shape))
                throw Other(made, $"{part} has the shape {Shape(begun)} there and {Shape(value)} here");
            if (trained.Contains(value.Handle)) copied += CopyValue(begun, value);
            else if (!begun.to(value.dtype).allclose(value)) throw Other(made, $"{part} is {Short(begun)} there and {Short(value)} here");
        }
        if (stored.Count > 0) throw Other(made, $"the file has {string.Join(", ", stored.Keys)} beside");
        if (copied < trained.Count) throw Other(made, $"{made.Method.Name} with these options trains more than a file holds");
    }

    static int CopyValue(Tensor from, Tensor into)
    {
        into.copy_(from);
        return 1;
    }

    static string Shape(Tensor value) => $"({string.Join(", ", value.shape)})";

    static string Short(Tensor value) => value.numel() == 1 ? PlainValue.Text(value.ToDouble()) : "another";

    LowrankException Other(Reparameterization made, string what) => new(
        $"training cannot begin with {path}: at {made.Target.Path} {what}. Give the method, rank and alpha that it was trained with, " +
        "or take its ranks (init_ranks).");

    /// <inheritdoc/>
    public void Dispose() => adapter.Dispose();
}
