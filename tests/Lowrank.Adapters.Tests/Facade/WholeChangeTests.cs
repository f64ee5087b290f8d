namespace Lowrank.Adapters.Tests;

/// <summary>A change of a model's adapters is made whole or not at all, and hangs beside no other.</summary>
public sealed class WholeChangeTests : IDisposable
{
    // Runs its two branches on threads of their own.
    sealed class Branches : nn.Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.Linear q = nn.Linear(6, 6), k = nn.Linear(6, 6);

        public Branches() : base(nameof(Branches)) => RegisterComponents();

        public Action Within { get; set; } = () => { };

        public override Tensor forward(Tensor x)
        {
            Within();
            return Task.Run(() => q.call(x)).Result + Task.Run(() => k.call(x)).Result;
        }
    }

    static readonly TimeSpan limit = TimeSpan.FromSeconds(60);

    readonly DisposeScope scope = NewDisposeScope();
    readonly TemporaryFolder folder = new();
    readonly nn.Module<Tensor, Tensor> net;
    readonly Tensor x;

    public WholeChangeTests()
    {
        random.manual_seed(3);
        net = nn.Sequential(("q", nn.Linear(6, 6)), ("k", nn.Linear(6, 6)));
        x = randn(4, 6);
    }

    public void Dispose()
    {
        net.Adapters().Dispose();
        net.Dispose();
        folder.Dispose();
        scope.Dispose();
    }

    ModelAdapters Trained(string name, nn.Module? module = null, string targets = "*")
    {
        var adapters = (module ?? net).AddLora(targets, rank: 2, name: name);
        using var grad = no_grad();
        foreach (var part in adapters[name].Adapter.Trainable) part.normal_();
        return adapters;
    }

    Tensor Answer()
    {
        using var grad = no_grad();
        return net.call(x);
    }

    void IsAnswer(Tensor expected) => Assert.True(Answer().equal(expected).all().ToBoolean());

    static void EndInTime(params Action[] work)
    {
        var faults = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = work.Select(one => new Thread(() =>
        {
            try { one(); }
            catch (Exception fault) { faults.Enqueue(fault); }
        }) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(limit), "hangs"));
        Assert.Empty(faults);
    }

    [Fact]
    public void AddingBesideSwitchingEnds()
    {
        var adapters = Trained("a");
        bool done = false;
        EndInTime(
            () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    net.AddLora("q", rank: 2, name: "b");
                    adapters.Remove("b");
                }
                Volatile.Write(ref done, true);
            },
            () =>
            {
                for (int i = 0; !Volatile.Read(ref done); i++) adapters.SetActive(i % 2 == 0 ? [] : ["a"]);
            });
    }

    [Fact]
    public void ALaterAdapterNeverWorksBeforeItIsChosen()
    {
        var adapters = Trained("a");
        adapters.Save(folder.File("b"));
        var right = Answer();
        bool done = false;
        int wrong = 0;
        EndInTime(
            () =>
            {
                for (int i = 0; i < 40; i++)
                {
                    adapters.Load(folder.File("b"), name: "b");
                    adapters.Remove("b");
                }
                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    using var own = NewDisposeScope();
                    if (!Answer().equal(right).all().ToBoolean()) wrong++;
                }
            });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void ARefusedMergeSwitchesNothingOn()
    {
        Trained("a");
        var adapters = Trained("b");
        using (no_grad()) adapters["b"].Adapter.Trainable.First().fill_(double.NaN);
        var before = Answer();
        using (adapters.Using("a")) Assert.Throws<LowrankException>(() => adapters.Merge("b"));
        Assert.Equal(["a"], adapters.Active);
        IsAnswer(before);
    }

    [Fact]
    public void ARefusedMergeAndUnloadLeavesWhatWasMerged()
    {
        Trained("a");
        var adapters = Trained("b");
        adapters.Merge("a");
        var merged = Answer();
        using (no_grad())
            foreach (var part in adapters["b"].Adapter.Trainable) part.fill_(1e30);
        Assert.Throws<LowrankException>(() => adapters.MergeAndUnload("b"));
        IsAnswer(merged);
        Assert.True(adapters["a"].IsMerged);
        adapters.Unmerge();
        adapters.SetActive();
        var plain = Answer();
        adapters.Unload();
        IsAnswer(plain);
    }

    [Fact]
    public void WhatThrowsHalfWayChangesNothing()
    {
        var adapters = Trained("a");
        var one = adapters["a"];
        var before = Answer();
        Assert.Throws<LowrankException>(() => adapters.Model.Together(() =>
        {
            (one.Strength, one.Active) = (0.5, false);
            one.Strength = double.NaN;
        }));
        Assert.Equal((1.0, true), (one.Strength, one.Active));
        Assert.Throws<InvalidOperationException>(() => adapters.Model.Together(() =>
        {
            one.Detach();
            throw new InvalidOperationException();
        }));
        Assert.True(one.IsAttached);
        Assert.All(net.parameters(), parameter => Assert.False(parameter.requires_grad));
        IsAnswer(before);
        adapters.Unload();
        Assert.Throws<InvalidOperationException>(() => adapters.Model.Together(() =>
        {
            adapters.Model.Adapt("*", new MethodOptions(2));
            throw new InvalidOperationException();
        }));
        Assert.All(net.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.All(adapters.Model.Components[0].Targets, target => Assert.Null(target.Layer.Host));
    }

    [Fact]
    public void MergingBesideBranchesThatRunInParallelEnds()
    {
        using var branches = new Branches();
        using var adapters = Trained("a", branches);
        bool done = false;
        EndInTime(
            () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    adapters.Merge();
                    adapters.Unmerge();
                }
                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    using var own = NewDisposeScope();
                    branches.call(x);
                }
            });
    }

    [Fact]
    public void AnAdapterThatIsFreedWithinACallWaitsForNobody()
    {
        using var branches = new Branches();
        using var adapters = Trained("a", branches);
        using ManualResetEventSlim inside = new(), merging = new();
        var free = AdapterFactory.Create(adapters.Model.Components[0].Targets.Select(t => t.Target), new LoraOptions(2));
        branches.Within = () =>
        {
            inside.Set();
            merging.Wait();
            Thread.Sleep(200);
            free.Dispose();
        };
        EndInTime(
            () =>
            {
                inside.Wait();
                merging.Set();
                adapters.Merge();
            },
            () =>
            {
                using var own = NewDisposeScope();
                branches.call(x);
            });
        Assert.All(free.Trainable, part => Assert.True(part.IsInvalid));
    }

    [Fact]
    public void MergeAndUnloadThrowsNobodyElsesAdapterOut()
    {
        var adapters = Trained("a");
        using var other = adapters.Model.Adapt("q", new MethodOptions(2), name: "other");
        var error = Assert.Throws<LowrankException>(() => adapters.MergeAndUnload());
        Assert.Contains("\"other\" at", error.Message, StringComparison.Ordinal);
        Assert.True(other.IsAttached && other.Active);
        other.Detach();
        adapters.MergeAndUnload();
    }

    [Fact]
    public void ACallThatChoseAnAdapterIsToldThatItHasLeft()
    {
        var adapters = Trained("a");
        using (adapters.Using("a"))
        {
            adapters.Remove("a");
            Assert.Contains("since the block of Using", Assert.Throws<LowrankException>(() => Answer()).Message, StringComparison.Ordinal);
        }
        Answer();
        Assert.All(adapters.Model.Components[0].Targets, target => Assert.Null(target.Layer.Host));
    }

    [Fact]
    public void AComponentThatIsNotThereHasNoStrength()
    {
        var adapters = Trained("a");
        var error = Assert.Throws<LowrankException>(() => adapters["a"].SetStrength("unet", 0.5));
        Assert.Contains("it has model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheUserThawedStaysThawed()
    {
        var adapters = Trained("a");
        var bias = net.named_parameters().First(p => p.name == "k.bias").parameter;
        bias.requires_grad = true;
        Trained("b", targets: "q");
        Assert.True(bias.requires_grad);
        adapters.Unload();
    }

    [Fact]
    public void UnloadedAdaptersTakeNoMore()
    {
        var adapters = Trained("a");
        adapters.Save(folder.File("a"));
        adapters.Unload();
        Assert.Contains("unloaded", Assert.Throws<LowrankException>(() => adapters.Load(folder.File("a"))).Message, StringComparison.Ordinal);
        net.Adapters().Load(folder.File("a"));
    }

    [Fact]
    public void RowsWithinADisabledBlockHaveTheirAdapters()
    {
        var adapters = Trained("a");
        var trained = Answer();
        Tensor rows;
        using (adapters.Disabled())
        using (adapters.Model.PerRow([.. Enumerable.Repeat(adapters["a"], 4)])) rows = Answer();
        Assert.True((rows - trained).abs().max().ToDouble() < 1e-5);
    }

    [Theory, InlineData("a.pt", null, "is neither"), InlineData("a.bin", null, "is neither"), InlineData("a.safetensors", "peft", "is a folder")]
    public void ANameThatSaysAnotherKindOfFileIsRefused(string file, string? dialect, string said)
    {
        var adapters = Trained("a");
        var error = Assert.Throws<LowrankException>(() => adapters.Save(folder.File(file), dialect: dialect));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.File(file)));
    }

    [Fact]
    public void WhatWasLoadedWhileMergedIsNotLostInSilence()
    {
        var adapters = Trained("a");
        using (adapters.Disabled()) Answer();
        adapters.Merge();
        var bias = net.named_parameters().First(p => p.name == "k.weight").parameter;
        using (no_grad()) bias.add_(1);
        var edited = Answer();
        foreach (Action lossy in (Action[])[() => adapters.Unmerge(), () => adapters.Remove("a"), adapters.Unload, () => adapters.MergeAndUnload()])
            Assert.Contains("model.k (Linear, 6x6) was loaded or changed", Assert.Throws<LowrankException>(lossy).Message, StringComparison.Ordinal);
        IsAnswer(edited);
        Assert.True(adapters["a"].IsMerged);
        adapters.Unmerge(discardEdits: true);
        Assert.False(adapters["a"].IsMerged);
    }

    [Theory, InlineData("a"), InlineData("a.safetensors")]
    public void WhatSomebodyElseSavedIsNotOverwrittenUnasked(string file)
    {
        var adapters = Trained("a");
        adapters.Save(folder.File(file));
        adapters.Save(folder.File(file));   // its own
        adapters.Unload();
        adapters = Trained("b");
        Assert.Contains("exists already", Assert.Throws<LowrankException>(() => adapters.Save(folder.File(file))).Message, StringComparison.Ordinal);
        adapters.Save(folder.File(file), overwrite: true);
    }

    [Fact]
    public void OfRanksThatOverlapTheOneThatIsNeverTakenIsTold()
    {
        var ranks = new Dictionary<string, int> { ["*"] = 3, ["k"] = 4 };
        Assert.Contains("\"*\", which comes before it", Assert.Throws<LowrankException>(() => net.AddLora("*", ranks: ranks)).Message, StringComparison.Ordinal);
        var other = net.AddLora("*", ranks: new Dictionary<string, int> { ["k"] = 4, ["*"] = 3 });
        Assert.Equal([3, 4], other["default"].Adapter.Targets.Values.Select(one => one.Settings!.Rank));
    }

    [Fact]
    public void WhatAFileHoldsBesideIsInTheStatus()
    {
        var adapters = Trained("a");
        adapters.Save(folder.File("a.safetensors"));
        using var smaller = nn.Sequential(("q", nn.Linear(6, 6)));
        using var loaded = smaller.Adapters();
        loaded.Load(folder.File("a.safetensors"), allowUnmatched: true);
        Assert.NotEmpty(loaded.Status()[0].LeftOut);
        Assert.Contains("were left out", loaded.Status()[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnOptionThatAWayOfCombiningDoesNotTakeIsRefused()
    {
        Trained("a");
        var adapters = Trained("b");
        var error = Assert.Throws<LowrankException>(() => adapters.Combine("both", [("a", 1), ("b", 1)], "cat", new CombineOptions { Density = 0.3, Seed = 4 }));
        Assert.Contains("cat takes no Density, Seed", error.Message, StringComparison.Ordinal);
        adapters.Combine("both", [("a", 1), ("b", 1)], "dare_linear", new CombineOptions { Density = 0.3, Seed = 4 });
    }

    [Fact]
    public void AModelThatIsForgottenWithItsAdaptersIsCollected()
    {
        var left = Made();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(left.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Made()
        {
            var model = nn.Sequential(("q", nn.Linear(6, 6)));
            model.AddLora("*");
            return new(model);
        }
    }
}
