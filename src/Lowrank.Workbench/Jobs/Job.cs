namespace Lowrank.Workbench;

/// <summary>One kind of work that the command line and a server call alike: a request goes in, a report comes out.</summary>
/// <typeparam name="TRequest">What is asked for, a plain record.</typeparam>
/// <typeparam name="TReport">What was done, a plain record.</typeparam>
public abstract class Job<TRequest, TReport> where TRequest : IJobRequest
{
    /// <summary>Carries out a request, on the calling thread.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="listener">Told of every step, at once and on the thread that works.</param>
    /// <param name="cancel">Stops the work at the next place where it can be stopped in order.</param>
    /// <exception cref="RequestException">The request is faulty; all faults are told.</exception>
    /// <exception cref="LowrankException">The work cannot be done: a file is missing or in the way, a model does not fit.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; a <see cref="StoppedException"/> tells what was saved.</exception>
    public TReport Run(TRequest request, IProgress<JobEvent>? listener = null, CancellationToken cancel = default)
    {
        string[] faults = [.. request.Faults()];
        if (faults.Length > 0) throw new RequestException(faults);
        return Work((TRequest)request.Placed(HubPlaces.Find), new JobRun(listener, cancel));
    }

    /// <summary>Does the work of a request that has no faults, and frees the tensors that it makes.</summary>
    protected abstract TReport Work(TRequest request, JobRun run);
}
