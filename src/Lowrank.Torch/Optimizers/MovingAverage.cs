using System.Globalization;

namespace Lowrank.Torch;

/// <summary>An exponential moving average (EMA) of parameters, as diffusers 0.42's <c>EMAModel</c>.</summary>
/// <remarks>Its first update copies the parameters; after that the decay rises to the given one, with or without warm-up.</remarks>
public sealed class MovingAverage : ITrainingRule, IDisposable
{
    readonly IReadOnlyList<Tensor> parameters;
    readonly MovingAverageOptions options;
    readonly List<Tensor> averages = [];
    readonly SharedNumber updates = new("updates");

    /// <summary>One of parameters as they are.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">How it forgets.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public MovingAverage(IEnumerable<Tensor> parameters, MovingAverageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.options = options ?? new();
        this.options.Check();
        this.parameters = [.. parameters];
        using var grad = no_grad();
        foreach (var parameter in this.parameters) averages.Add(Copy(parameter).DetachFromDisposeScope());
    }

    static Tensor Copy(Tensor parameter) =>
        parameter.detach().to(parameter.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, copy: true);

    /// <summary>The averages, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> Averages => averages;

    /// <summary>The share of an average that the last update kept.</summary>
    public double Decay { get; private set; }

    /// <summary>Takes the parameters as they are up into the averages.</summary>
    public void Update()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        updates.Value++;
        Decay = options.DecayAt(updates.Value);
        foreach (var (average, parameter) in averages.Zip(parameters))
            average.sub_((average - parameter).mul_(1 - Decay));
    }

    /// <inheritdoc/>
    public void Stepped(int step) => Update();

    /// <summary>Does something while the parameters are the averages, and brings them back, bit for bit.</summary>
    public void Within(Action act)
    {
        ArgumentNullException.ThrowIfNull(act);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        List<Tensor> trained = [.. parameters.Select(parameter => parameter.detach().clone())];
        foreach (var (parameter, average) in parameters.Zip(averages)) parameter.copy_(average);
        try
        {
            act();
        }
        finally
        {
            foreach (var (parameter, value) in parameters.Zip(trained)) parameter.copy_(value);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measures => new Dictionary<string, double> { ["ema/decay"] = Decay };

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> StateTensors()
    {
        yield return (updates.Name, updates.Kept);
        foreach (var (number, average) in averages.Index())
            yield return (ParameterNames.Find(parameters[number]) ?? number.ToString(CultureInfo.InvariantCulture), average);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var average in averages) average.Dispose();
        averages.Clear();
        updates.Dispose();
    }
}
