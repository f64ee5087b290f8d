namespace Lowrank.Training;

/// <summary>A run of a recipe, from the pictures to the adapter file.</summary>
public sealed class TrainingRun
{
    readonly TrainingRecipe recipe;
    readonly IReadOnlyList<ITrainingListener> listeners;
    readonly CancellationToken cancel;
    readonly TrainingFiles files;
    readonly Precision precision;
    readonly DateTimeOffset started = DateTimeOffset.UtcNow;

    TrainingRun(TrainingRecipe recipe, IReadOnlyList<ITrainingListener> listeners, CancellationToken cancel)
    {
        (this.recipe, this.listeners, this.cancel, files) = (recipe.Checked(), listeners, cancel, new TrainingFiles(recipe));
        precision = PrecisionNames.Named(recipe.Precision);
    }

    /// <summary>Trains as the recipe says.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="listeners">Who is told.</param>
    /// <param name="cancel">Stops the run after the step in progress; what is trained is saved, and <c>resume</c> goes on from there.</param>
    /// <returns>Where the adapter is, and whether the run came to its end.</returns>
    /// <exception cref="LowrankException">A fault in recipe, model or pictures, files in the way, or a loss that is no number any more.</exception>
    /// <exception cref="OperationCanceledException">Stopped before the first step; nothing was written.</exception>
    public static TrainingResult Run(TrainingRecipe recipe, IReadOnlyList<ITrainingListener> listeners, CancellationToken cancel = default) =>
        RandomState.Preserve(() => new TrainingRun(recipe, listeners, cancel).Run());   // dropouts draw from the process's own generator

    TrainingResult Run()
    {
        RefuseToOverwrite();
        if (recipe.Threads > 0) set_num_threads(recipe.Threads);
        using var scope = NewDisposeScope();
        var folder = PictureFolder.Read(recipe.Pictures);
        foreach (var warning in folder.Warnings) Tell(l => l.Warned(warning));
        PictureSizes.Check(folder.Pictures, recipe);
        // Latents are made in float32: the autoencoder runs once a picture, and its rounding would stay for the whole run.
        using var model = StableDiffusion.Load(recipe.BaseModel, new Storage(precision.Stored), new Storage(),
            new CheckpointOptions { Config = recipe.BaseModelConfig.Length > 0 ? recipe.BaseModelConfig : null, Prediction = recipe.PredictionType });
        foreach (var note in model.Notes) Tell(l => l.Warned(note));
        RefuseModel(model);
        var kept = recipe.CacheToDisk ? new EncodingCache(Path.Combine(recipe.Pictures, ".lowrank-cache")) : null;
        using var latents = LatentCache.Encode(model, folder.Pictures, recipe, kept, (done, total) => Tell(l => l.Prepared("encoding pictures", done, total)), cancel);
        using var texts = recipe.TrainTextEncoder ? null
            : TextCache.Encode(model, folder.Pictures.Select(p => p.Caption).Append(""), recipe.ClipSkip, kept, (done, total) => Tell(l => l.Prepared("encoding captions", done, total)), cancel);
        var task = new DiffusionTask(model, recipe, folder.Pictures, latents, texts, precision.Compute);

        var description = model.Describe();
        var plan = recipe.ToPlan().For(description, note => Tell(l => l.Warned(note)));
        using var adapter = MakeAdapter(description, plan, task);
        model.UNet.GradientCheckpointing = recipe.GradientCheckpointing;
        if (recipe.TrainTextEncoder) model.TextEncoder.GradientCheckpointing = recipe.GradientCheckpointing;
        if (recipe.TrainTextEncoder && model.TextEncoder2 is { } second) second.GradientCheckpointing = recipe.GradientCheckpointing;
        AdapterSaving.DialectOf(adapter);   // what cannot be saved is told before it is trained
        var byNoise = adapter.Targets.Values.OfType<Tlora>().ToList();
        if (byNoise.Count > 0) task.Noised = timestep => byNoise.ForEach(tlora => tlora.At(timestep));
        using var attachment = description.Attach(adapter);
        int total = recipe.Steps > 0 ? recipe.Steps : (recipe.Epochs * task.BatchesPerEpoch + recipe.Accumulation - 1) / recipe.Accumulation;
        var (optimizer, rates) = MakeOptimizer(adapter, plan, total);
        using var _ = optimizer;
        var rules = MakeRules(adapter, description, plan, total);
        using var allocation = rules.OfType<RankAllocation>().FirstOrDefault();
        var loop = new TrainingLoop(task, optimizer, rates, total, recipe.Accumulation, recipe.MaxGradNorm, rules);
        if (recipe.Resume) loop.Step = TrainingState.Load(files.State, adapter, optimizer, recipe, folder.Fingerprint(), rules);
        int first = loop.Step;
        string? lastSaved = recipe.Resume ? files.State : null, saved = null;

        cancel.ThrowIfCancellationRequested();
        Directory.CreateDirectory(recipe.Output);
        AtomicFile.WriteText(files.Recipe, RecipeFile.Format(recipe));
        using var metrics = new MetricsFile(files.Metrics, first);
        var all = listeners.Append(metrics).ToList();
        if (recipe.Tensorboard) all.Add(new TensorBoardLog(files.Logs, keepsEarlier: recipe.Resume));
        foreach (var listener in all)
            listener.Started(new(first, total, folder.Pictures.Count, adapter.Targets.Count, adapter.Trainable.Sum(p => p.numel()), precision.Compute));

        adapter.Train(true);
        // What has begun takes a step at least, so that there is something to save.
        while (!loop.IsFinished && (loop.Step == first || !cancel.IsCancellationRequested))
        {
            TrainingStep step;
            try
            {
                step = loop.Next();
            }
            catch (NotFiniteException error)
            {
                throw Diverged(error);
            }
            if (loop.Step == first + 1) attachment.AssertUsed();
            foreach (var listener in all) listener.Stepped(step);
            if (recipe.SaveEvery > 0 && step.Step % recipe.SaveEvery == 0 && !loop.IsFinished) Save(files.Checkpoint(step.Step));
            if (recipe.SampleEvery > 0 && step.Step % recipe.SampleEvery == 0) MakeSamples(model, adapter, step.Step);
        }
        var path = loop.IsFinished ? files.Adapter : files.Checkpoint(loop.Step);
        if (path != lastSaved) Save(path);
        return new TrainingResult(saved ?? path, loop.Step, total, files);

        void Save(string path)
        {
            var dtype = recipe.SaveDtype switch { "f16" => ScalarType.Float16, "bf16" => ScalarType.BFloat16, _ => ScalarType.Float32 };
            var metadata = RunMetadata.Of(recipe, model, folder, loop.Step, total, task.BatchesPerEpoch, started, precision.Compute == ScalarType.BFloat16);
            saved = AdapterSaving.Save(path, adapter, description, dtype, metadata, RunMetadata.Spec(recipe, model, started));
            TrainingState.Save(files.State, adapter, optimizer, loop.Step, recipe, folder.Fingerprint(), rules);
            lastSaved = path;
            Tell(l => l.Saved(saved));
        }

        // The parameters are still those of the step before: they are kept, unless they are spoilt too.
        LowrankException Diverged(NotFiniteException error)
        {
            try
            {
                if (loop.Step > first && files.Checkpoint(loop.Step) != lastSaved) Save(files.Checkpoint(loop.Step));
            }
            catch (NotFiniteValuesException spoilt)
            {
                Tell(l => l.Warned(spoilt.Message));   // the last good checkpoint is an earlier one
            }
            return new($"training stopped at step {loop.Step + 1}: {error.Message}. {(lastSaved is null ? "Nothing had been saved yet." : $"The last good weights are in {lastSaved}.")} " +
                "A lower learning rate, f32 precision, or a smaller max_grad_norm may help.", error);
        }
    }

    void RefuseToOverwrite()
    {
        if (recipe.Resume && !File.Exists(files.State)) throw new LowrankException($"there is nothing to resume: {files.State} does not exist. Start the run without resume.");
        if (recipe.Resume || recipe.Overwrite) return;
        if (files.Existing().FirstOrDefault() is { } path)
            throw new LowrankException($"{path} exists already. Choose another name or output, go on with it (resume), or replace it (overwrite).");
    }

    void RefuseModel(StableDiffusion model)
    {
        if (model.UNetConfig.InChannels != model.VaeConfig.LatentChannels)
            throw new LowrankException($"{recipe.BaseModel} takes {model.UNetConfig.InChannels} channels where latents have {model.VaeConfig.LatentChannels}: an inpainting model, which cannot be trained here yet. Train on its ordinary base; the adapter fits both.");
        // At pure noise min-SNR and debiased estimation divide 0 by 0 for the noise, and there is nothing to learn.
        if ((recipe.ZeroTerminalSnr || model.Scheduler.RescaleBetasZeroSnr) && !DiffusionTask.PredictsV(model, recipe))
            throw new LowrankException($"noise levels that end in pure noise need a model that predicts v, and {recipe.BaseModel} predicts the noise. Leave zero_terminal_snr out, or set prediction: v_prediction if the model's config is wrong.");
        int factor = model.VaeConfig.Factor;
        if (recipe.Width % factor != 0 || recipe.Height % factor != 0)
            throw new LowrankException($"the training size {recipe.Width}x{recipe.Height} is no multiple of {factor}, which this model's autoencoder needs.");
    }

    Adapter MakeAdapter(ModelDescription model, IReadOnlyList<PlannedTarget> plan, DiffusionTask task)
    {
        using var generator = StepSeeds.Generator(recipe.Seed, "initial factors", 0);
        using var inputs = new InputRecorder(model, plan);
        if (inputs.IsNeeded) Show(task);
        inputs.Leave();
        return AdapterFactory.Create(model, plan, inputs, generator, recipe.Name);
    }

    // What layers are asked in the run's first batches: some adapters begin with that.
    void Show(DiffusionTask task)
    {
        using var grad = no_grad();
        for (int i = 0; i < recipe.InitBatches; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using (NewDisposeScope()) task.Loss(i);
            int done = i + 1;
            Tell(l => l.Prepared("looking at inputs", done, recipe.InitBatches));
        }
    }

    (AdamW Optimizer, IReadOnlyList<LearningRateSchedule> Rates) MakeOptimizer(Adapter adapter, IReadOnlyList<PlannedTarget> plan, int total)
    {
        var groups = RateGroups.Of(adapter, plan, recipe.RateOfUnet, recipe.RateOfTextEncoder,
            new LoraPlus(recipe.LoraplusRatio, recipe.LoraplusUnetRatio, recipe.LoraplusTextEncoderRatio) { PeftWay = recipe.LoraplusStyle == "peft" });
        var optimizer = new AdamW(
            groups.Select(g => new ParameterGroup([.. g.Parameters.Select(p => p.Value)], g.Rate) { Decays = g.Decays }), new AdamWOptions(recipe.Beta1, recipe.Beta2, recipe.Epsilon, recipe.WeightDecay));
        return (optimizer, [.. groups.Select(g => new LearningRateSchedule(recipe.Schedule, g.Rate, total, WarmupSteps(recipe, total))
        {
            Power = recipe.Power, Cycles = recipe.Schedule == LearningRateCurve.CosineWithRestarts ? recipe.Cycles : 0.5,
        })]);
    }

    List<ITrainingRule> MakeRules(Adapter adapter, ModelDescription model, IReadOnlyList<PlannedTarget> plan, int total)
    {
        var rules = new List<ITrainingRule>();
        if (plan.Select(p => p.Options).OfType<AdaLoraOptions>().FirstOrDefault() is { } falling) rules.Add(new RankAllocation(adapter, falling, total));
        if (recipe.Precondition) rules.Add(new Preconditioner(adapter));
        if (recipe.ScaleWeightNorms is { } limit)
        {
            var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
            rules.Add(new MaxNorm(adapter, target => layers[target.Path], limit));
        }
        return rules;
    }

    internal static int WarmupSteps(TrainingRecipe recipe, int total) => recipe.Warmup < 1 ? (int)(recipe.Warmup * total) : (int)recipe.Warmup;

    void MakeSamples(StableDiffusion model, Adapter adapter, int step)
    {
        var options = new GenerateOptions
        {
            Prompts = recipe.SamplePrompts, Width = recipe.Width, Height = recipe.Height, Steps = recipe.SampleSteps, GuidanceScale = recipe.SampleGuidance, Seeds = [recipe.Seed], ClipSkip = recipe.ClipSkip,
        };
        adapter.Train(false);
        foreach (var tlora in adapter.Targets.Values.OfType<Tlora>()) tlora.At(0);   // every rank, as readers of the file have it
        try
        {
            var pictures = RandomState.Preserve(() => new TextToImage(model, precision, CPU).Generate(options, cancel: cancel));
            for (int i = 0; i < pictures.Count; i++)
            {
                PictureFile.Save(files.Sample(step, i), pictures[i]);
                Tell(l => l.Saved(files.Sample(step, i)));
            }
        }
        catch (OperationCanceledException)
        {
            Tell(l => l.Warned($"the sample pictures of step {step} are not whole: the run was stopped"));   // the loop sees it too, and saves
        }
        finally
        {
            adapter.Train(true);
        }
    }

    void Tell(Action<ITrainingListener> what)
    {
        foreach (var listener in listeners) what(listener);
    }
}
