using System.Globalization;

namespace Lowrank.Adapters.Tests;

/// <summary>
/// Eight threads call one model while another switches, attaches, frees and merges adapters: every answer is one that was right at some
/// moment of the call. <c>LOWRANK_STRESS_SECONDS</c> says for how long, 4 unless told otherwise; a busy machine takes longer, until enough
/// was called and changed.
/// </summary>
public sealed class ManyCallersTests
{
    const int Callers = 8, Width = 16, EnoughCalls = 80, EnoughChanges = 10, EnoughCollections = 100;

    static readonly double seconds =
        double.Parse(Environment.GetEnvironmentVariable("LOWRANK_STRESS_SECONDS") ?? "4", CultureInfo.InvariantCulture);

    // What stands on the model: which of the two are on, whether a third is attached, and whether all is merged.
    sealed record Setting(bool Ink, bool Gold, bool Third, bool Merged);

    // The settings so far. One that is being made may be right already, and the last that was made may still be.
    sealed class History
    {
        readonly Setting[] all = new Setting[1 << 18];
        int begun, made;

        public History(Setting first) => (all[0], begun, made) = (first, 1, 1);

        public Setting Last => all[made - 1];

        public int Made => Volatile.Read(ref made);

        public int Begun => Volatile.Read(ref begun);

        public IEnumerable<Setting> Between(int first, int end) => all[(first - 1)..end].Distinct();

        public void Change(Setting next, Action make)
        {
            all[begun] = next;
            Volatile.Write(ref begun, begun + 1);
            make();
            Volatile.Write(ref made, begun);
        }
    }

    sealed class Stage : IDisposable
    {
        readonly List<Tensor> third;
        Attachment? attached;

        public Stage(bool own)
        {
            Net = own
                ? new SequenceModel([.. Enumerable.Range(0, 4).Select(_ => new Linear(Width, Width))])
                : nn.Sequential([.. Enumerable.Range(0, 4).Select(_ => nn.Linear(Width, Width))]);
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            Fill(Net.parameters(), 1, 0.35);
            Model = ModelDescription.Of(Net);
            Ink = Adapted("ink", "lora", new LoraOptions(2) { Dora = DoraAxis.Output }, 2);
            Gold = Adapted("gold", "loha", new MethodOptions(2), 3);
            using (var made = Adapted("third", "lora", new LoraOptions(3), 4))
                third = [.. made.Adapter.Trainable.Select(part => part.detach().clone().DetachFromDisposeScope())];
            Input = randn([4, Width], generator: new Generator(5), device: CPU).DetachFromDisposeScope();
            Net.eval();
            History = new(new(true, true, false, false));
            Expect();
        }

        public nn.Module<Tensor, Tensor> Net { get; }

        public ModelDescription Model { get; }

        public Attachment Ink { get; }

        public Attachment Gold { get; }

        public Tensor Input { get; }

        public History History { get; }

        public Dictionary<Setting, float[]> Right { get; } = [];

        public float[] RightPerRow { get; private set; } = [];

        static void Fill(IEnumerable<Tensor> parts, ulong seed, double scale)
        {
            var generator = new Generator(seed);
            foreach (var part in parts) part.copy_(randn(part.shape, generator: generator, device: CPU) * scale);
        }

        Attachment Adapted(string name, string method, MethodOptions options, ulong seed)
        {
            var attachment = Model.Adapt("*", options, Methods.Named(method), name: name);
            Fill(attachment.Adapter.Trainable, seed, 0.6);
            return attachment;
        }

        public float[] Answer()
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            return Net.call(Input).data<float>().ToArray();
        }

        // Alone, each setting once.
        void Expect()
        {
            foreach (bool ink in (bool[])[true, false])
                foreach (bool gold in (bool[])[true, false])
                    foreach (bool with in (bool[])[true, false])
                    {
                        (Ink.Active, Gold.Active) = (ink, gold);
                        if (with) Attach();
                        Right[new(ink, gold, with, false)] = Right[new(ink, gold, with, true)] = Answer();
                        if (with) Free();
                    }
            (Ink.Active, Gold.Active) = (true, true);
            using (Model.PerRow([Ink, Gold, null, Ink])) RightPerRow = Answer();
        }

        void Attach()
        {
            using var grad = no_grad();
            attached = Model.Attach(Made());

            Adapter Made()
            {
                var adapter = AdapterFactory.Create(Model.Components[0].Targets.Select(t => t.Target), new LoraOptions(3), name: "third");
                foreach (var (part, value) in adapter.Trainable.Zip(third)) part.copy_(value);
                return adapter;
            }
        }

        // As soon as possible, with calls under way.
        void Free()
        {
            var adapter = attached!.Adapter;
            attached.Dispose();
            adapter.Dispose();
            attached = null;
        }

        public void ChangeSomething(Random random)
        {
            var now = History.Last;
            switch (random.Next(4))
            {
                case 0 when !now.Merged:
                    bool ink = random.Next(2) == 0, gold = random.Next(2) == 0;
                    History.Change(now with { Ink = ink, Gold = gold },
                        () => Model.Together(() => (Ink.Active, Gold.Active) = (ink, gold)));
                    break;
                case 1 when !now.Merged && now.Third: History.Change(now with { Third = false }, Free); break;
                case 1 when !now.Merged: History.Change(now with { Third = true }, Attach); break;
                case 2 when !now.Merged: History.Change(now with { Merged = true }, () => Model.Merge()); break;
                case 3 when now.Merged: History.Change(now with { Merged = false }, () => Model.Unmerge()); break;
            }
        }

        public void Dispose()
        {
            Model.Unmerge();
            if (attached is not null) Free();
            Ink.Dispose();
            Gold.Dispose();
            Input.Dispose();
            third.ForEach(part => part.Dispose());
            Net.Dispose();
        }
    }

    static bool Same(float[] one, float[] other) => one.Zip(other).All(pair => Math.Abs(pair.First - pair.Second) < 2e-3);

    // Gives what was wrong; null where all was right.
    static string? Call(Stage stage, int way)
    {
        int before = stage.History.Made;
        float[] got;
        List<float[]> right = [];
        try
        {
            switch (way % 3)
            {
                case 0:
                    got = stage.Answer();
                    break;
                case 1:
                    using (stage.Model.Using("gold")) got = stage.Answer();
                    right = [stage.Right[new(false, true, false, false)]];
                    break;
                default:
                    using (stage.Model.PerRow([stage.Ink, stage.Gold, null, stage.Ink])) got = stage.Answer();
                    break;
            }
        }
        catch (LowrankException error) when (way % 3 > 0)
        {
            bool wasMerged = stage.History.Between(before, stage.History.Begun).Any(setting => setting.Merged);
            return wasMerged && error.Message.Contains("merged", StringComparison.Ordinal) ? null : error.Message;
        }
        var settings = stage.History.Between(before, stage.History.Begun).ToList();
        if (way % 3 == 0) right = settings.ConvertAll(setting => stage.Right[setting]);
        if (way % 3 == 2)
        {
            if (!settings.Exists(setting => setting is { Ink: true, Gold: true })) return null;   // what is switched off is off in rows too
            if (settings.Exists(setting => !(setting.Ink && setting.Gold))) return null;
            right = [stage.RightPerRow];
        }
        return right.Exists(one => Same(one, got)) ? null : $"way {way % 3}: none of {string.Join(", ", settings)}";
    }

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public void EveryAnswerWasRightAtSomeMomentOfItsCall(bool own, bool collectorNeverRests)
    {
        using var stage = new Stage(own);
        Assert.Equal(8, stage.Right.Values.Distinct().Count());
        Assert.All(stage.Right.Values.Distinct().Skip(1), one => Assert.False(Same(one, stage.Right.Values.First())));
        using CancellationTokenSource stop = new(), tooLong = new(TimeSpan.FromSeconds(seconds + 180));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var wrong = new System.Collections.Concurrent.ConcurrentQueue<string>();
        long calls = 0, changes = 0, collectionsBefore = GC.CollectionCount(0);
        var threads = Enumerable.Range(0, Callers).Select(caller => new Thread(() => Guarded(() =>
        {
            for (int i = caller; !stop.IsCancellationRequested; i++)
            {
                if (Call(stage, i) is { } fault) wrong.Enqueue(fault);
                Interlocked.Increment(ref calls);
            }
        }))).ToList();
        threads.Add(new Thread(() => Guarded(() =>
        {
            var random = new Random(7);
            for (; !Ended(); changes++)
            {
                stage.ChangeSomething(random);
                if (changes % 16 == 0) Thread.Sleep(1);
            }
        }, then: stop.Cancel)));
        if (collectorNeverRests) threads.Add(new Thread(() =>
        {
            // Collections asked for one upon another would leave no thread that comes back from native code a moment to run in.
            while (!stop.IsCancellationRequested) GC.KeepAlive(new byte[60_000]);
        }));
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        string counts = $"{calls} calls, {changes} changes, {Collections()} collections in {clock.Elapsed}";
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong of {counts}: {string.Join("\n", wrong.Take(3))}");
        Assert.True(Enough(), counts);
        TestContext.Current.TestOutputHelper?.WriteLine(counts);

        long Collections() => GC.CollectionCount(0) - collectionsBefore;

        bool Enough() => Interlocked.Read(ref calls) > EnoughCalls && Interlocked.Read(ref changes) > EnoughChanges
            && (!collectorNeverRests || Collections() > EnoughCollections);

        bool Ended() => tooLong.IsCancellationRequested || !wrong.IsEmpty || (clock.Elapsed.TotalSeconds >= seconds && Enough());

        void Guarded(Action work, Action? then = null)
        {
            try { work(); }
            catch (Exception error) { wrong.Enqueue(error.ToString()); }
            finally { then?.Invoke(); }
        }
    }
}
